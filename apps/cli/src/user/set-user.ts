import type { Client } from '@csr-foundry/client'
import type { Command } from 'commander'
import { readNewPassword, withPasswordFile } from '../new-password.ts'
import { type Role, withRoles } from '../roles-option.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

const about =
  "Changes a user's roles, password or both, at once and everywhere. The roles given are all that the user then has; a new password ends his sessions."

type Options = { roles?: Role[]; resetPassword?: true; passwordFile?: string; json?: true }

/** `csrctl user set NAME`: changes a user. */
export function addUserSet(group: Command): void {
  const command = serviceCommand(group, 'set', 'changes a user')
    .description(about)
    .argument('<name>', 'of the user')
    .option('--reset-password', 'asks for a new password; --password-file alone does as well')
  withPasswordFile(withRoles(command, { needed: false })).action(withClient(set))
}

async function set(client: Client, name: string, options: Options, command: Command) {
  const { roles, passwordFile, resetPassword, json } = options
  const changesPassword = resetPassword || passwordFile !== undefined
  if (roles === undefined && !changesPassword) {
    command.error('error: nothing to change is given.')
  }
  const password = changesPassword ? await readNewPassword(passwordFile, name) : undefined
  const user = await client.users.change(name, {
    ...(roles !== undefined && { roles }),
    ...(password !== undefined && { password }),
  })
  if (json) printJson(user)
}
