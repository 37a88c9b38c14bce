import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { parseId } from '../parse-id.ts'
import { serviceCommand, withClient } from '../service-command.ts'
import { printBatch } from './print-batch.ts'

/** `csrctl batch cancel ID`: cancels what is queued of a batch. */
export function addBatchCancel(group: Command): void {
  serviceCommand(group, 'cancel', 'cancels what is queued of a batch')
    .description('Cancels what is queued of a batch. What is made stays.')
    .argument('<id>', 'of the batch', parseId)
    .action(
      withClient(async (client: Client, id: string, { json }: { json?: true }) => {
        printBatch(await client.batches.cancel(id), json)
      }),
    )
}
