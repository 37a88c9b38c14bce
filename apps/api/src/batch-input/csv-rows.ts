/**
 * CSV as rows: RFC 4180, fields separated by commas, lines by LF or CRLF, the last with or without.
 *
 * - The first record names the columns (`csv-columns.ts`), in any order, each once. Another name, a name twice, or no record
 *   at all ends the input.
 * - Every record has as many fields as there are columns; white space belongs to its field.
 * - A field with a comma, a quote or a line end is in quotes, with its quotes doubled. A quote elsewhere, or one that is not
 *   closed within the limit of a row, makes a row that is wrong of the line it starts on; the next line starts a new row.
 * - Empty lines are passed over; a line of nothing but commas is a row that asks for nothing, and wrong.
 */
import { BatchInputError } from './batch-input-error.ts'
import type { CsvColumn, CsvRow } from './csv-columns.ts'
import { columnsOf } from './csv-header.ts'
import { type CsvRecord, CsvRecords } from './csv-records.ts'
import { LineCutter } from './line-cutter.ts'
import { faulty, type RawRow, type RowReader } from './raw-row.ts'

export class CsvRows implements RowReader {
  readonly #cutter: LineCutter
  readonly #records: CsvRecords
  #columns: readonly CsvColumn[] | undefined

  constructor(limit: number) {
    this.#cutter = new LineCutter(limit)
    this.#records = new CsvRecords(limit)
  }

  get line(): number {
    return this.#cutter.line
  }

  *push(chunk: Buffer): Generator<RawRow, void, undefined> {
    for (const line of this.#cutter.push(chunk)) {
      for (const record of this.#records.add(line)) {
        if (this.#columns !== undefined) yield rowOf(record, this.#columns)
        else this.#columns = headerOf(record)
      }
    }
  }

  *end(): Generator<RawRow, void, undefined> {
    const last = [...this.#cutter.end()].flatMap((line) => this.#records.add(line))
    for (const record of [...last, ...this.#records.end()]) {
      if (this.#columns !== undefined) yield rowOf(record, this.#columns)
      else this.#columns = headerOf(record)
    }
    if (this.#columns !== undefined) return
    throw new BatchInputError('header_invalid', 'is empty; its first line has to name the columns')
  }
}

function headerOf(record: CsvRecord): CsvColumn[] {
  if ('fields' in record) return columnsOf(record.fields, record.line)
  const detail = `has a first line that ${record.detail}`
  throw new BatchInputError('header_invalid', detail, record.line)
}

function rowOf(record: CsvRecord, columns: readonly CsvColumn[]): RawRow {
  const { line, bytes } = record
  if ('detail' in record) return faulty({ line, bytes }, record.detail)
  const { fields } = record
  if (fields.length !== columns.length) {
    return faulty(
      { line, bytes },
      `has ${fields.length} fields; the first line has ${columns.length}`,
    )
  }
  const value: CsvRow = {}
  for (const [i, column] of columns.entries()) if (fields[i]) value[column] = fields[i]
  return { line, bytes, value }
}
