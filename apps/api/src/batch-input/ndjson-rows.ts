import { jsonRow } from './json-row.ts'
import { type Line, LineCutter, withoutCr } from './line-cutter.ts'
import { faulty, type RawRow, type RowReader, tooLong } from './raw-row.ts'

/** The lines of an NDJSON text. */
export class NdjsonRows implements RowReader {
  readonly #cutter: LineCutter
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
    this.#cutter = new LineCutter(limit)
  }

  get line(): number {
    return this.#cutter.line
  }

  *push(chunk: Buffer): Generator<RawRow, void, undefined> {
    for (const line of this.#cutter.push(chunk)) if (!isBlank(line.bytes)) yield this.#rowOf(line)
  }

  *end(): Generator<RawRow, void, undefined> {
    for (const line of this.#cutter.end()) if (!isBlank(line.bytes)) yield this.#rowOf(line)
  }

  #rowOf({ line, bytes, isLong }: Line): RawRow {
    return isLong ? faulty({ line, bytes }, tooLong(this.#limit)) : jsonRow(line, withoutCr(bytes))
  }
}

/** Whether there is nothing but JSON's white space. */
function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  return true
}
