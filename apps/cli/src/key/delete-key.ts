import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { deleteEach } from '../delete-each.ts'
import { parseIds } from '../parse-id.ts'
import { serviceCommand, withClient } from '../service-command.ts'

const about =
  'Destroys keys: nothing brings them back. A key that a request uses is refused; delete the request first.'

/** `csrctl key delete ID…`: destroys keys. */
export function addKeyDelete(group: Command): void {
  serviceCommand(group, 'delete', 'destroys keys')
    .description(about)
    .argument('<id...>', 'of the keys', parseIds)
    .action(
      withClient((client: Client, ids: string[], { json }: { json?: true }) =>
        deleteEach(ids, (id) => client.keys.delete(id), json),
      ),
    )
}
