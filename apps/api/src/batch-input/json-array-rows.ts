/**
 * A JSON array as rows, its elements. An element ends where its brackets and strings do, whatever is between them: one that
 * is not JSON, or is too long, is a row that is wrong. What stands around the elements has to be an array's; anything else
 * ends the input, for what comes after it is not to be found.
 */
import { BatchInputError } from './batch-input-error.ts'
import { ElementScanner } from './element-scanner.ts'
import { HeldRow } from './held-row.ts'
import { jsonRow } from './json-row.ts'
import { faulty, type RawRow, type RowReader, tooLong } from './raw-row.ts'

/** Where in the array it is; the word says what may come. */
type Place = 'array' | 'elementOrEnd' | 'element' | 'inElement' | 'commaOrEnd' | 'nothing'

const space = [' ', '\t', '\n', '\r']

/** What may come at a place, and which place is after it; white space may everywhere. */
const ways: Record<Exclude<Place, 'inElement'>, Readonly<Record<string, Place>>> = {
  array: { '[': 'elementOrEnd' },
  elementOrEnd: { ']': 'nothing' },
  element: {},
  commaOrEnd: { ',': 'element', ']': 'nothing' },
  nothing: {},
}

const notHere: Record<Exclude<Place, 'inElement'>, string> = {
  array: 'is not an array of specs; a spec on each line is application/x-ndjson',
  elementOrEnd: 'has a comma before its first element',
  element: 'has a comma without an element after it',
  commaOrEnd: 'has something else than a comma or ] after an element',
  nothing: 'goes on after its array',
}

export class JsonArrayRows implements RowReader {
  /** The number of the element that it came to. */
  line = 1
  readonly #limit: number
  readonly #held: HeldRow
  readonly #scanner = new ElementScanner()
  #place: Place = 'array'

  constructor(limit: number) {
    this.#limit = limit
    this.#held = new HeldRow(limit)
  }

  *push(chunk: Buffer): Generator<RawRow, void, undefined> {
    let at = 0
    while (at < chunk.length) {
      if (this.#place !== 'inElement') {
        at = this.#step(chunk, at, this.#place)
        continue
      }
      const end = this.#scanner.endOf(chunk, at)
      if (end === undefined) {
        this.#held.add(chunk.subarray(at))
        return
      }
      yield this.#rowOf(chunk.subarray(at, end))
      at = end
    }
  }

  end(): readonly RawRow[] {
    if (this.#place === 'nothing') return []
    const detail =
      this.#place === 'array' ? 'is empty; an array is needed' : 'ends before its array does'
    throw new BatchInputError('json_broken', detail)
  }

  /** One character between the elements. */
  #step(chunk: Buffer, at: number, place: Exclude<Place, 'inElement'>): number {
    const character = String.fromCharCode(chunk[at] ?? 0)
    if (space.includes(character)) return at + 1
    const next = ways[place][character]
    if (next !== undefined) {
      this.#place = next
      if (next === 'element') this.line += 1
      return at + 1
    }
    const mayStart = place === 'element' || place === 'elementOrEnd'
    if (!mayStart || character === ',' || character === ']') {
      throw new BatchInputError('json_broken', notHere[place])
    }
    this.#place = 'inElement'
    this.#scanner.start()
    return at
  }

  #rowOf(last: Buffer): RawRow {
    this.#place = 'commaOrEnd'
    const { bytes, isLong } = this.#held.take(last)
    const { line } = this
    return isLong ? faulty({ line, bytes }, tooLong(this.#limit)) : jsonRow(line, bytes)
  }
}
