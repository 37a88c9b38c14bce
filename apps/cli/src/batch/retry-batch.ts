import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { parseId } from '../parse-id.ts'
import { serviceCommand, withClient } from '../service-command.ts'
import { printBatch } from './print-batch.ts'

/** `csrctl batch retry ID`: queues the rows that have failed once more. */
export function addBatchRetry(group: Command): void {
  serviceCommand(group, 'retry', 'queues what has failed of a batch once more')
    .description('Queues the rows of a batch that have failed once more, under the same paths.')
    .argument('<id>', 'of the batch', parseId)
    .action(
      withClient(async (client: Client, id: string, { json }: { json?: true }) => {
        printBatch(await client.batches.retry(id), json)
      }),
    )
}
