import type { Client } from '@csr-foundry/client'
import type { TokenView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { take } from '../limit.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText, table } from '../table.ts'

/** `csrctl token list`: the tenant's tokens. */
export function addTokenList(group: Command): void {
  serviceCommand(group, 'list', 'lists tokens')
    .description('Lists the tokens of the tenant; none of them is shown itself.')
    .action(withClient(list))
}

async function list(client: Client, { json }: { json?: true }): Promise<void> {
  const tokens = await take(client.tokens.list())
  if (json) printJson(tokens)
  else process.stdout.write(table(head, tokens.map(rowOf)))
}

const head = ['ID', 'NAME', 'ROLES', 'EXPIRES', 'LAST USED', 'MADE BY', 'CREATED']

const rowOf = ({ id, name, roles, expires, lastUsed, createdBy, created }: TokenView) => [
  id,
  name,
  roles.join(','),
  momentText(expires),
  momentText(lastUsed),
  createdBy,
  momentText(created),
]
