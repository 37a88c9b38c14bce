import type { Client } from '@csr-foundry/client'
import type { BatchView } from '@csr-foundry/native-api'
import { exitCodes } from '../exit-codes.ts'
import { say } from '../output.ts'
import { printJson } from '../service-command.ts'
import { table } from '../table.ts'
import { amountText, durationText } from './amounts.ts'
import { isAllMade, type Taken, type Target, takeResults } from './take-results.ts'
import { tellRejected } from './tell-rejected.ts'

type How = {
  readonly target: Target | undefined
  readonly json: true | undefined
  readonly signal: AbortSignal
  /** When the command began (performance.now). */
  readonly started: number
}

/** Sees a batch that is taken in through to its files, and says what became of it. */
export async function finishBatch(client: Client, batch: BatchView, how: How): Promise<void> {
  const { target, json, signal, started } = how
  const { id } = batch
  if (target !== undefined) await target.folder.claim(batch)
  const folder = target?.folder
  const rejected = await tellRejected(client, batch, { folder, json, signal })
  const taken = await takeResults(client, id, target, signal)
  const settled = await client.batches.get(id, { signal })
  const seconds = (performance.now() - started) / 1_000
  if (json) printJson({ batch: { ...settled, rejected }, seconds, ...(taken && { out: taken }) })
  else process.stdout.write(summaryOf(settled, seconds))
  tellEnd(settled, taken, target)
  if (!isAllMade(settled)) process.exitCode = exitCodes.no
}

const head = ['BATCH', 'STATE', 'ROWS', 'READY', 'REJECTED', 'FAILED', 'CANCELLED', 'TIME']

function summaryOf({ id, state, counts }: BatchView, seconds: number): string {
  const { rows, ready, rejected, failed, cancelled } = counts
  const numbers = [rows, ready, rejected, failed, cancelled].map(String)
  return table(head, [[id, state, ...numbers, durationText(seconds)]])
}

function tellEnd({ id, counts }: BatchView, taken: Taken | undefined, target?: Target) {
  if (counts.failed > 0) {
    say(`${amountText(counts.failed, 'row')} failed. To make them again: csrctl batch retry ${id}`)
  }
  if (taken !== undefined) {
    const keys = taken.keys === undefined ? '' : ` and ${amountText(taken.keys, 'key')}`
    say(`${amountText(taken.csrs, 'CSR')}${keys} in ${taken.folder}, listed in index.csv.`)
  }
  if (counts.ready > 0 && target?.recipient === undefined) say(whereKeysAre(id))
}

const whereKeysAre = (id: string) =>
  `The private keys are in the service, sealed. One whose custody is internal stays there; one that is exportable is for who has the role export: csrctl batch ${id} --out DIR --keys-to FILE.jwk`
