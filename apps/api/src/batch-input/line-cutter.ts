import { HeldRow, type RowBytes } from './held-row.ts'

/** A line without its LF; `isLong` if it has more than the limit, of which `bytes` are those up to it. */
export type Line = RowBytes & { line: number }

const lf = 0x0a
const cr = 0x0d

/** Cuts a text into lines, each once its end is there. Of a line over the limit only so much is held. */
export class LineCutter {
  /** The number of the line that comes next, or is being read. */
  line = 1
  readonly #limit: number
  readonly #held: HeldRow

  constructor(limit: number) {
    this.#limit = limit
    // A line that is as long as it may be can have a CR at its end.
    this.#held = new HeldRow(limit + 1)
  }

  *push(chunk: Buffer): Generator<Line, void, undefined> {
    let start = 0
    for (let end = chunk.indexOf(lf); end !== -1; end = chunk.indexOf(lf, start)) {
      yield this.#cut(chunk.subarray(start, end))
      this.line += 1
      start = end + 1
    }
    this.#held.add(chunk.subarray(start))
  }

  /** The last line, if the text does not end with a line end. */
  *end(): Generator<Line, void, undefined> {
    if (!this.#held.isEmpty) yield this.#cut(Buffer.alloc(0))
  }

  #cut(last: Buffer): Line {
    const { bytes, isLong } = this.#held.take(last)
    return isLong || withoutCr(bytes).length > this.#limit
      ? { line: this.line, bytes: bytes.subarray(0, this.#limit), isLong: true }
      : { line: this.line, bytes, isLong: false }
  }
}

/** A line without the CR of a CRLF. */
export function withoutCr(bytes: Buffer): Buffer {
  return bytes.length > 0 && bytes[bytes.length - 1] === cr ? bytes.subarray(0, -1) : bytes
}
