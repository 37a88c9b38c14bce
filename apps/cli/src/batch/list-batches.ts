import type { BatchSummary, Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { addLimit, take } from '../limit.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText, table } from '../table.ts'

/** As many as a page can have. */
const longestPage = 200

type Options = { limit: number; json?: true }

/** `csrctl batch list`: the tenant's batches. */
export function addBatchList(group: Command): void {
  const command = serviceCommand(group, 'list', 'lists batches')
  addLimit(command.description('Lists batches, newest first.')).action(withClient(list))
}

async function list(client: Client, { limit, json }: Options): Promise<void> {
  const found = client.batches.list({ limit: Math.min(limit + 1, longestPage) })
  const batches = await take(found, limit)
  if (json) printJson(batches)
  else process.stdout.write(table(head, batches.map(rowOf)))
}

const head = ['ID', 'STATE', 'ROWS', 'READY', 'QUEUED', 'REJECTED', 'FAILED', 'CREATED']

const rowOf = ({ id, state, counts, times }: BatchSummary) => [
  id,
  state,
  ...[counts.rows, counts.ready, counts.queued, counts.rejected, counts.failed].map(String),
  momentText(times.created),
]
