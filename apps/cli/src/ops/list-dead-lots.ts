import type { Client } from '@csr-foundry/client'
import type { DeadLotView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { take } from '../limit.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText, table } from '../table.ts'

const about =
  'Lists the lots that two workers died with, or queues the requests of some of them again. One that kills two workers more is dead again.'

type Options = { retry?: string[]; json?: true }

/** `csrctl ops dead`: the dead lots, and their retry. */
export function addOpsDead(group: Command): void {
  serviceCommand(group, 'dead', 'lists dead lots and tries them again')
    .description(about)
    .option('--retry <ids...>', 'tries these again')
    .action(withClient(run))
}

async function run(client: Client, { retry, json }: Options): Promise<void> {
  if (retry === undefined) {
    const lots = await take(client.ops.deadLots())
    if (json) printJson(lots)
    else process.stdout.write(table(head, lots.map(rowOf)))
    return
  }
  const retried = []
  for (const id of retry) retried.push({ id, ...(await client.ops.retryDeadLot(id)) })
  if (json) printJson(retried)
  else {
    const rows = retried.map(({ id, tenant, path }) => [id, tenant, path])
    process.stdout.write(table(['ID', 'TENANT', 'PATH'], rows))
  }
}

const head = ['ID', 'LANE', 'TENANT', 'PATH', 'STARTS', 'DIED']

const rowOf = ({ id, lane, tenant, path, starts, died }: DeadLotView) => [
  ...[id, lane, tenant, path, String(starts)],
  momentText(died),
]
