import type { Command } from 'commander'
import { readSecret } from './read-secret.ts'

/** The option of every command that takes a new password. */
export const withPasswordFile = (command: Command): Command =>
  command.option(
    '--password-file <file>',
    'has the password; - is standard input, which it also comes from where there is no terminal to ask on',
  )

/** A password that shall be somebody's: typed twice on a terminal. */
export const readNewPassword = (file: string | undefined, of: string): Promise<string> =>
  readSecret({ file, prompt: `New password of ${of}: `, again: 'Once more: ' })
