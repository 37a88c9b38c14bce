import { isUtf8 } from 'node:buffer'
import { csvFields } from './csv-fields.ts'
import { type Line, withoutCr } from './line-cutter.ts'
import { inKiB, notUtf8, tooLong } from './raw-row.ts'

/** A record of a CSV, or the lines that are none. */
export type CsvRecord = { line: number; bytes: Buffer } & (
  | { fields: string[] }
  | { detail: string }
)

const quote = 0x22
const lf = Buffer.from('\n')

/**
 * Puts the lines of a CSV together to records: a line end within quotes is a part of the field. Empty lines between records
 * are passed over.
 *
 * Of a record whose quotes are wrong only the first line is given up, for there is one missing or too many: the lines after
 * it are read again, each as the start of a record. No line is read often: if those after it are, their quotes are in pairs.
 */
export class CsvRecords {
  readonly #limit: number
  /** The lines of a record of which a quote is open. */
  #open: Line[] = []
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The records that a line ends: one or none, unless lines are read again. */
  add(line: Line): CsvRecord[] {
    const records: CsvRecord[] = []
    // Those to be read, the next one last.
    const ahead = [line]
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      const lines = this.#endedBy(next)
      const first = lines?.[0]
      if (lines === undefined || first === undefined) continue
      const record = recordOf(lines, this.#limit)
      if (record === undefined) ahead.push(...lines.slice(1).reverse())
      records.push(record ?? faultyStart(first, this.#limit))
    }
    return records
  }

  /** The text is over. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = []
    while (this.#open.length > 0) {
      const [first, ...rest] = this.#take()
      if (first !== undefined) records.push(faultyStart(first, this.#limit))
      for (const line of rest) records.push(...this.add(line))
    }
    return records
  }

  /** All lines of the record that a line ends, be it that it makes it too long; undefined if none ends with it. */
  #endedBy(line: Line): Line[] | undefined {
    const isFirst = this.#open.length === 0
    if (isFirst && withoutCr(line.bytes).length === 0) return undefined
    const isTurning = hasOddQuotes(line.bytes)
    if (isFirst && !isTurning) return [line]
    this.#open.push(line)
    this.#size += line.bytes.length + lf.length
    const isOpen = isFirst || !isTurning
    if (isOpen && !line.isLong && this.#size <= this.#limit) return undefined
    return this.#take()
  }

  #take(): Line[] {
    const lines = this.#open
    this.#open = []
    this.#size = 0
    return lines
  }
}

/** Undefined if the lines are no record, by their quotes or by their length. */
function recordOf(lines: readonly Line[], limit: number): CsvRecord | undefined {
  const { line = 0 } = lines[0] ?? {}
  const bytes = withoutCr(joined(lines))
  if (bytes.length > limit || lines.some(({ isLong }) => isLong)) return undefined
  const fields = csvFields(bytes.toString())
  if (fields === undefined) return undefined
  return isUtf8(bytes) ? { line, bytes, fields } : { line, bytes, detail: notUtf8 }
}

function joined(lines: readonly Line[]): Buffer {
  const [first, ...rest] = lines.map(({ bytes }) => bytes)
  if (first === undefined || rest.length === 0) return first ?? lf
  return Buffer.concat([first, ...rest.flatMap((bytes) => [lf, bytes])])
}

function faultyStart({ line, bytes, isLong }: Line, limit: number): CsvRecord {
  if (isLong) return { line, bytes, detail: tooLong(limit) }
  const detail = hasOddQuotes(bytes)
    ? `has a quote that is not closed, or not within ${inKiB(limit)}`
    : 'has a quote within a field; a field with quotes is quoted as a whole, each of them doubled'
  return { line, bytes: withoutCr(bytes), detail }
}

function hasOddQuotes(bytes: Buffer): boolean {
  let isOdd = false
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) isOdd = !isOdd
  return isOdd
}
