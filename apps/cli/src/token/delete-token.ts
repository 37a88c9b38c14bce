import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { deleteEach } from '../delete-each.ts'
import { serviceCommand, withClient } from '../service-command.ts'

/** `csrctl token delete ID…`: ends tokens. */
export function addTokenDelete(group: Command): void {
  serviceCommand(group, 'delete', 'deletes tokens')
    .description('Deletes tokens. Within a second they count nowhere.')
    .argument('<id...>', 'of the tokens, as the list shows them')
    .action(
      withClient((client: Client, ids: string[], { json }: { json?: true }) =>
        deleteEach(ids, (id) => client.tokens.delete(id), json),
      ),
    )
}
