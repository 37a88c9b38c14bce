import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { deleteEach } from '../delete-each.ts'
import { serviceCommand, withClient } from '../service-command.ts'

/** `csrctl user delete NAME…`: deletes users. */
export function addUserDelete(group: Command): void {
  serviceCommand(group, 'delete', 'deletes users')
    .description('Deletes users. Within a second they get in nowhere; what they made stays.')
    .argument('<name...>', 'of the users')
    .action(
      withClient((client: Client, names: string[], { json }: { json?: true }) =>
        deleteEach(names, (name) => client.users.delete(name), json),
      ),
    )
}
