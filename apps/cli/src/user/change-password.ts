import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { readNewPassword, withPasswordFile } from '../new-password.ts'
import { readSecret } from '../read-secret.ts'
import { printJson, type Session, serviceCommand, withSession } from '../service-command.ts'

const about =
  'Changes your own password and ends your sessions. The current one is that of CSRCTL_PASSWORD, or asked for.'

type Options = { passwordFile?: string; json?: true }

/** `csrctl user password`: changes the caller's own password. */
export function addUserPassword(group: Command): void {
  const command = serviceCommand(group, 'password', 'changes your own password')
  withPasswordFile(command.description(about)).action(withSession(change))
}

async function change({ client, password }: Session, { passwordFile, json }: Options) {
  const { name, kind } = await client.self.get()
  if (kind === 'token') throw tokenHasNone()
  const currentPassword =
    password ?? (await readSecret({ prompt: `Current password of ${name}: ` }))
  const newPassword = await readNewPassword(passwordFile, name)
  await client.self.changePassword({ currentPassword, newPassword })
  if (json) printJson({ changed: true })
}

/** Said before anything is asked for. */
const tokenHasNone = () =>
  new Failure('account_not_found', 'A token has no password.', {
    hint: 'Set CSRCTL_USER in place of CSRCTL_TOKEN.',
    exitCode: exitCodes.no,
  })
