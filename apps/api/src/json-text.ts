/**
 * JSON as it comes in from strangers: valid UTF-8, well-formed, and without a name twice in one object, of which one
 * reader takes the first value and another the last: a proxy would have checked something else than what is done.
 *
 * No regular expression looks at the text: the engine keeps the last one's subject, which may hold a private key.
 */
import { ServiceError } from '@csr-foundry/service/errors'

/** @throws {ServiceError} `body_malformed`, which says where it breaks and repeats nothing of it */
export function checkJson(bytes: ArrayBuffer): void {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ServiceError('body_malformed', { detail: 'The body is not valid UTF-8.', cause })
  }
  const parsed = parse(text)
  if (namesIn(text) > namesOf(parsed)) {
    const detail = 'The JSON has an object that has the same name twice; each may be there once.'
    throw new ServiceError('body_malformed', { detail })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ServiceError('body_malformed', { detail: whereItBreaks(text, cause), cause })
  }
}

function whereItBreaks(text: string, error: unknown): string {
  if (text.trim() === '')
    return 'The body is empty; send {} to have every attribute at its default.'
  const message = error instanceof Error ? error.message : ''
  if (message === 'Unexpected end of JSON input') return 'The body ends before its JSON does.'
  // At its end: what comes before may be a quotation of the input.
  const position = / in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1]
  if (position === undefined) return 'The body is not well-formed JSON.'
  const before = text.slice(0, Number(position)).split('\n')
  return `The JSON breaks at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`
}

/** How many names of members a text has that was parsed, so that its strings end: those that a colon follows. */
function namesIn(text: string): number {
  let names = 0
  let at = text.indexOf('"')
  while (at !== -1) {
    const end = endOfString(text, at)
    if (text[afterSpace(text, end)] === ':') names += 1
    at = text.indexOf('"', end)
  }
  return names
}

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at + 1
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text[before] === '\\') before -= 1
  return (at - before) % 2 === 0
}

function afterSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \n\r\t'.includes(text[at] ?? '')) at += 1
  return at
}

/** How many names the objects of a value have. A loop: a body can nest deeper than the stack is. */
function namesOf(parsed: unknown): number {
  let names = 0
  const rest = [parsed]
  while (rest.length > 0) {
    const value = rest.pop()
    if (typeof value !== 'object' || value === null) continue
    const inner = Object.values(value)
    if (!Array.isArray(value)) names += inner.length
    for (const one of inner) rest.push(one)
  }
  return names
}
