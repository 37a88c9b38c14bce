/**
 * A batch's body as its rows: NDJSON, CSV or a JSON array, gzip or not, read as a stream.
 *
 * Rules of the whole body. It is UTF-8, with a byte order mark or without; UTF-16 ends the input. Nothing is read from the
 * body while nobody pulls a row (of gzip, what is being inflated is ahead of it by a few chunks). Held is at most one row;
 * what a row has beyond the limit is dropped as it arrives. A row that is wrong is given with its faults and hurts no other;
 * what leaves no next row to be found ends the input with a `BatchInputError`, after all that was whole before it.
 *
 * Rows. `line` is where the row starts in the text as it is once inflated, counted from 1; in a JSON array it is the
 * element's number. `bytes` are the row's own, without its line end; of a row that is too long those up to the limit.
 * Rows that are wrong count as rows, empty lines do not.
 *
 * - NDJSON: LF ends a line, CRLF too; a CR alone does not. Lines of nothing but white space are passed over. The last line
 *   needs no end. A row is JSON as a single request's body is (`json-text.ts`): well-formed UTF-8, no name twice.
 * - CSV: RFC 4180 with LF or CRLF, read by `csv-rows.ts`, where its rules are.
 * - JSON: one array, read by `json-array-rows.ts`; an element that does not parse is a row that is wrong.
 */
import { BatchInputError } from './batch-input-error.ts'
import { CsvRows } from './csv-rows.ts'
import { type Inflation, inflated } from './inflated.ts'
import { JsonArrayRows } from './json-array-rows.ts'
import { NdjsonRows } from './ndjson-rows.ts'
import type { RawRow, RowReader } from './raw-row.ts'
import { withoutMark } from './without-mark.ts'

export const batchFormats = ['ndjson', 'csv', 'json'] as const
export type BatchFormat = (typeof batchFormats)[number]

export type BatchLimits = Inflation & {
  /** Bytes of one row. */
  rowBytes: number
  /** Rows of a batch, those that are wrong among them. */
  rows: number
  /** Bytes of the whole text once it is inflated: also lines that are empty have an end. */
  bytes: number
}

export const batchLimits: BatchLimits = {
  rowBytes: 65_536,
  rows: 1_000_000,
  bytes: 2 * 1024 ** 3,
  ratio: 250,
}

export type Body = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>

const readers: Record<BatchFormat, (rowBytes: number) => RowReader> = {
  ndjson: (rowBytes) => new NdjsonRows(rowBytes),
  csv: (rowBytes) => new CsvRows(rowBytes),
  json: (rowBytes) => new JsonArrayRows(rowBytes),
}

/**
 * The rows of a batch, one at a time.
 *
 * @throws {BatchInputError} where nothing more can be read, with the line it came to; rows given before it stand
 * @throws what the body throws, as it is: the client left
 */
export async function* readRows(
  body: Body,
  {
    format,
    gzip,
    limits = batchLimits,
  }: { format: BatchFormat; gzip: boolean; limits?: BatchLimits },
): AsyncGenerator<RawRow, void, undefined> {
  const reader = readers[format](limits.rowBytes)
  let rows = 0
  const count = (row: RawRow) => {
    rows += 1
    if (rows <= limits.rows) return row
    throw new BatchInputError('too_many_rows', `has more than ${limits.rows} rows`, row.line)
  }
  try {
    for await (const text of bounded(gzip ? inflated(body, limits) : body, limits.bytes)) {
      for (const row of reader.push(text)) yield count(row)
    }
    for (const row of reader.end()) yield count(row)
  } catch (error) {
    throw error instanceof BatchInputError ? error.at(reader.line) : error
  }
}

async function* bounded(chunks: Body, most: number): AsyncGenerator<Buffer> {
  let total = 0
  for await (const chunk of withoutMark(chunks)) {
    total += chunk.length
    if (total > most) throw new BatchInputError('too_large', `has more than ${most} bytes`)
    yield chunk
  }
}
