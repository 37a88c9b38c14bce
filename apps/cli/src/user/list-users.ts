import type { Client } from '@csr-foundry/client'
import type { UserView } from '@csr-foundry/native-api'
import type { Command } from 'commander'
import { take } from '../limit.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { momentText, table } from '../table.ts'

/** `csrctl user list`: the tenant's users. */
export function addUserList(group: Command): void {
  serviceCommand(group, 'list', 'lists users')
    .description('Lists the users of the tenant. LOGIN is what a user logs in with.')
    .action(withClient(list))
}

async function list(client: Client, { json }: { json?: true }): Promise<void> {
  const users = await take(client.users.list())
  if (json) printJson(users)
  else process.stdout.write(table(['NAME', 'LOGIN', 'ROLES', 'CREATED'], users.map(rowOf)))
}

const rowOf = ({ name, login, roles, created }: UserView) => [
  name,
  login,
  roles.join(','),
  momentText(created),
]
