import { isUtf8 } from 'node:buffer'
import { ServiceError } from '@csr-foundry/service/errors'
import { checkJson } from '../json-text.ts'
import { faulty, notUtf8, type RawRow } from './raw-row.ts'

const colon = 0x3a

/** A row that is one JSON text. */
export function jsonRow(line: number, bytes: Buffer): RawRow {
  if (!isUtf8(bytes)) return faulty({ line, bytes }, notUtf8)
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return hasNameTwice(bytes, value)
      ? faulty(
          { line, bytes },
          'has an object that has the same name twice; each may be there once',
        )
      : { line, bytes, value }
  } catch (error) {
    return faulty({ line, bytes }, whereItBreaks(error))
  }
}

/** Of the engine's words only the place is told: they quote the input. */
function whereItBreaks(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const position = / JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1]
  if (position !== undefined) return `is not JSON: it breaks at character ${Number(position) + 1}`
  return message === 'Unexpected end of JSON input'
    ? 'is not JSON: it ends too early'
    : 'is not well-formed JSON'
}

/** Each name has a colon. Only where there are more colons than names is it worth to read the text again. */
function hasNameTwice(bytes: Buffer, value: unknown): boolean {
  if (countColons(bytes) === countNames(value)) return false
  try {
    checkJson(Uint8Array.from(bytes).buffer)
    return false
  } catch (error) {
    // It has parsed: the name is all that can be wrong.
    if (error instanceof ServiceError) return true
    throw error
  }
}

function countColons(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(colon); at !== -1; at = bytes.indexOf(colon, at + 1)) count += 1
  return count
}

/** Names in all objects of a value. A loop: a row can nest deeper than the stack is. */
function countNames(value: unknown): number {
  let names = 0
  const rest = [value].filter(isObject)
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const inner: unknown[] = Object.values(next)
    if (!Array.isArray(next)) names += inner.length
    for (const one of inner) if (isObject(one)) rest.push(one)
  }
  return names
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
