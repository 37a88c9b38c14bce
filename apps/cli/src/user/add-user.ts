import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { readNewPassword, withPasswordFile } from '../new-password.ts'
import { type Role, withRoles } from '../roles-option.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

type Options = { roles: Role[]; passwordFile?: string; json?: true }

/** `csrctl user add NAME`: makes a user. */
export function addUserAdd(group: Command): void {
  const command = serviceCommand(group, 'add', 'makes a user')
    .description('Makes a user of the tenant, with a password and roles.')
    .argument('<name>', '1 to 64 letters, digits, dots, dashes or underscores')
  withPasswordFile(withRoles(command, { needed: true })).action(withClient(add))
}

async function add(client: Client, name: string, { roles, passwordFile, json }: Options) {
  const password = await readNewPassword(passwordFile, name)
  const user = await client.users.create({ name, password, roles })
  if (json) printJson(user)
}
