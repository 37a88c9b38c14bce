import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { deleteEach } from './delete-each.ts'
import { parseIds } from './parse-id.ts'
import { serviceCommand, withClient } from './service-command.ts'

const about =
  'Deletes requests with their CSRs, in any state. A key that was made for a request goes with it, unless another request uses the key. Nothing brings them back.'

/** `csrctl delete PATH…`: deletes requests. */
export function addDelete(program: Command): void {
  serviceCommand(program, 'delete', 'deletes requests')
    .description(about)
    .argument('<path...>', 'path ids', parseIds)
    .action(
      withClient((client: Client, paths: string[], { json }: { json?: true }) =>
        deleteEach(paths, (path) => client.requests.delete(path), json),
      ),
    )
}
