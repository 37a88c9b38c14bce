import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { deleteEach } from '../delete-each.ts'
import { parseIds } from '../parse-id.ts'
import { serviceCommand, withClient } from '../service-command.ts'

const about =
  'Deletes batches with all their requests, CSRs and keys, after cancelling what is queued. Nothing brings them back.'

/** `csrctl batch delete ID…`: deletes batches. */
export function addBatchDelete(group: Command): void {
  serviceCommand(group, 'delete', 'deletes batches')
    .description(about)
    .argument('<id...>', 'of the batches', parseIds)
    .action(
      withClient((client: Client, ids: string[], { json }: { json?: true }) =>
        deleteEach(ids, (id) => client.batches.delete(id), json),
      ),
    )
}
