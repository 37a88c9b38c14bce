import type { Client } from '@csr-foundry/client'
import type { BatchView, RejectedRowView } from '@csr-foundry/native-api'
import { say } from '../output.ts'
import { amountText } from './amounts.ts'
import type { CsvFile } from './csv-file.ts'
import type { OutFolder } from './out-folder.ts'

export const toldOneByOne = 20
const rowsAtOnce = 1_000

type Means = {
  readonly folder: OutFolder | undefined
  /** Whether all are wanted, for the one document at the end. */
  readonly json: true | undefined
  readonly signal: AbortSignal
}

/** Says which rows were not taken and why; all of them are in rejected.csv or, with --json, given back. */
export async function tellRejected(
  client: Client,
  { id, counts }: BatchView,
  { folder, json, signal }: Means,
): Promise<RejectedRowView[]> {
  if (counts.rejected === 0) return []
  using file = folder?.rejected()
  const kept: RejectedRowView[] = []
  // Who has all of them elsewhere needs all; who only reads, the first.
  const needed = file !== undefined || json ? counts.rejected : toldOneByOne
  let seen = 0
  for await (const row of client.batches.rejected(id, { limit: rowsAtOnce, signal })) {
    if (seen < toldOneByOne) tellRow(row)
    if (json) kept.push(row)
    addRow(file, row)
    seen += 1
    if (seen >= needed) break
  }
  file?.finish()
  tellMore(counts.rejected - toldOneByOne)
  return kept
}

function tellMore(count: number): void {
  if (count > 0) say(`${amountText(count, 'more row')} ${count === 1 ? 'was' : 'were'} not taken.`)
}

export function addRow(file: CsvFile | undefined, { line, ref, errors }: RejectedRowView): void {
  for (const { pointer, detail } of errors) file?.add([line, ref, pointer, detail])
}

export function tellRow({ line, ref, errors }: RejectedRowView): void {
  const faults = errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim())
  say(`Line ${line}${ref === undefined ? '' : `, ${ref}`}: ${faults.join('; ')}.`)
}
