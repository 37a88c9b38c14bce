const quote = 0x22
const backslash = 0x5c
const [comma, space, tab, lf, cr] = [0x2c, 0x20, 0x09, 0x0a, 0x0d]
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])
const separators = new Set([comma, space, tab, lf, cr])

/** Finds the end of an element of a JSON array, which may come in many chunks, by its brackets and strings alone. */
export class ElementScanner {
  #depth = 0
  #isInString = false
  #isEscaped = false

  start(): void {
    this.#depth = 0
    this.#isInString = false
    this.#isEscaped = false
  }

  /** Where the element ends, or undefined if it goes on after the chunk. */
  endOf(chunk: Buffer, start: number): number | undefined {
    for (let at = start; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0
      if (this.#isInString) {
        if (this.#endsString(byte) && this.#depth === 0) return at + 1
        continue
      }
      const end = this.#outsideString(byte, at)
      if (end !== undefined) return end
    }
    return undefined
  }

  #endsString(byte: number): boolean {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.#isInString = false
    return !this.#isInString
  }

  #outsideString(byte: number, at: number): number | undefined {
    if (byte === quote) this.#isInString = true
    else if (opening.has(byte)) this.#depth += 1
    else if (closing.has(byte)) return this.#close(at)
    else if (this.#depth === 0 && separators.has(byte)) return at
    return undefined
  }

  /** A bracket that the element did not open is the array's. */
  #close(at: number): number | undefined {
    if (this.#depth === 0) return at
    this.#depth -= 1
    return this.#depth === 0 ? at + 1 : undefined
  }
}
