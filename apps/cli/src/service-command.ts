/**
 * What all commands that talk to the service have in common.
 *
 * Rules: standard output has the result and nothing else, as text or with --json as one JSON document; with --json that is
 * also so when the command fails: `{"error": {…}}`. Standard error has the reason in one line that ends with what to do.
 * Neither a password nor a token is taken as an argument, where others on the machine could read it.
 */
import { Client, type Credentials, type Retry } from '@csr-foundry/client'
import { type Command, CommanderError } from 'commander'
import { readSettings, type Settings } from './config.ts'
import { Failure, failureOf } from './failure.ts'
import { say } from './output.ts'
import { askHidden, isTerminal } from './read-secret.ts'
import { visibleJson } from './visible.ts'

type SharedOptions = { url?: string; json?: true }

const exitCodeHelp = `
Exit codes:
  0  done
  1  the service said no: not found, in use, not valid
  2  wrong usage or settings, or a file that cannot be read or written
  3  the service cannot be reached or is busy, or it is not done yet: try later
  4  the credentials are missing or wrong, or lack the role`

/**
 * A command with the options that they all have. `name` may have a parent's, as in `csrctl key list`; the default one of its parent
 * is meant where none is named.
 */
export function serviceCommand(
  parent: Command,
  name: string,
  summary: string,
  { isDefault = false } = {},
): Command {
  const path = parent.parent === null ? name : `${parent.name()} ${name}`
  return parent
    .command(name, { isDefault })
    .summary(summary)
    .option('--url <url>', 'of the service, in place of CSRCTL_URL')
    .option('--json', 'prints one JSON document')
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError(`Run "csrctl ${path} --help" to see what it takes.`)
}

/** Several commands under one name. */
export function commandGroup(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .summary(summary)
    .description(summary)
    .showHelpAfterError(`Run "csrctl ${name} --help" to see what it takes.`)
}

/** The service, and the caller's password where he came with one. */
export type Session = { readonly client: Client; readonly password: string | undefined }

/** An action of commander that calls the service; what it throws is told. */
export function withSession<Given extends unknown[]>(
  run: (session: Session, ...given: Given) => Promise<void>,
) {
  return async (...given: Given): Promise<void> => {
    // Commander gives it last, also to those who take fewer.
    const options = (given.at(-1) as Command).opts<SharedOptions>()
    try {
      await run(await openSession(options.url), ...given)
    } catch (error) {
      // Wrong usage is told by commander.
      if (error instanceof CommanderError) throw error
      fail(error, options)
    }
  }
}

/** The same, for those who need nothing but the service. */
export const withClient = <Given extends unknown[]>(
  run: (client: Client, ...given: Given) => Promise<void>,
) => withSession<Given>(({ client }, ...given) => run(client, ...given))

/** Tells why a command failed. */
export function fail(error: unknown, { json }: SharedOptions): void {
  const { code, message, hint, exitCode } = failureOf(error)
  if (json) printJson({ error: { code, message, hint } })
  say(`${message} ${hint}`.trim())
  process.exitCode = exitCode
}

export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`)
}

async function openSession(url: string | undefined): Promise<Session> {
  const settings = readSettings()
  const credentials = await credentialsOf(settings)
  const client = new Client({ url: url ?? settings.url, ...credentials, onRetry: tellRetry })
  return { client, password: credentials.password }
}

async function credentialsOf({ token, username, password }: Settings): Promise<Credentials> {
  if (token !== undefined) {
    if (username === undefined && password === undefined) return { token }
    throw Failure.of('settings_invalid', 'There are a token and a user.')
  }
  if (username === undefined) {
    throw Failure.of('credentials_missing', 'There are no credentials.')
  }
  if (password !== undefined) return { username, password }
  if (isTerminal()) return { username, password: await askHidden(`Password of ${username}: `) }
  throw Failure.of('credentials_missing', `There is no password for ${username}.`)
}

function tellRetry({ error, pause }: Retry): void {
  say(`${error.message} Trying again in ${pause.toFixed(1)} s.`)
}
