/** The bytes of a row; `isLong` if it has more than the limit, of which they are those up to it. */
export type RowBytes = { bytes: Buffer; isLong: boolean }

/**
 * What has come of a row whose end has not: at most so many bytes, copied, so that a row that comes in many small pieces
 * holds none of the chunks they are parts of.
 */
export class HeldRow {
  readonly #most: number
  #held: Buffer | undefined
  /** Bytes that came, those that were dropped among them. */
  #size = 0

  constructor(most: number) {
    this.#most = most
  }

  get isEmpty(): boolean {
    return this.#size === 0
  }

  add(part: Buffer): void {
    if (part.length === 0) return
    this.#held ??= Buffer.allocUnsafeSlow(this.#most)
    if (this.#size < this.#most) part.copy(this.#held, this.#size)
    this.#size += part.length
  }

  /** The row with its last part; after it the next row starts. A row of one part is not copied. */
  take(last: Buffer): RowBytes {
    if (this.#size === 0) {
      return { bytes: last.subarray(0, this.#most), isLong: last.length > this.#most }
    }
    this.add(last)
    const size = this.#size
    this.#size = 0
    const bytes = Buffer.from(this.#held?.subarray(0, size) ?? [])
    return { bytes, isLong: size > this.#most }
  }
}
