/** The results of a batch in the forms that can be asked for. */
import type { ResultLine } from '@csr-foundry/native-api'
import type { BatchRecord } from '@csr-foundry/records'
import { csvLine } from './csv-line.ts'
import { resultsTar } from './results-tar.ts'

export type ResultForm = {
  /** Of the file that it is offered as; left out: it is none. */
  readonly extension?: string
  readonly write: (pages: Pages, batch: BatchRecord) => AsyncIterable<Uint8Array>
}

type Pages = AsyncIterable<readonly ResultLine[]>

export const resultForms: Readonly<Record<string, ResultForm>> & {
  readonly 'application/x-ndjson': ResultForm
} = {
  'application/x-ndjson': { write: ndjson },
  'text/csv': { extension: 'csv', write: csv },
  'application/gzip': { extension: 'tar.gz', write: resultsTar },
}

async function* ndjson(pages: Pages): AsyncGenerator<Uint8Array, void> {
  for await (const lines of pages) {
    yield Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }
}

const columns = [
  ...['path', 'row', 'ref', 'state', 'key_algorithm', 'key_id', 'csr'],
  ...['problem_code', 'problem_detail', 'cursor'],
]

async function* csv(pages: Pages): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(csvLine(columns))
  for await (const lines of pages) yield Buffer.from(lines.map(csvRow).join(''))
}

const csvRow = ({ path, row, ref, state, key, csr, problem, cursor }: ResultLine) =>
  csvLine([
    ...[path, row, ref, state, key.algorithm, key.id, csr],
    ...[problem?.code, problem?.detail, cursor],
  ])
