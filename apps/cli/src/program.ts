import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { say } from './output.ts'

const about =
  'Certificate signing requests (PKCS#10): looks at those in files, and works with a csr-foundry: its batches, requests, keys and accounts.'

const environmentHelp = `
Environment:
  CSRCTL_URL                      of the service (default: http://127.0.0.1:8080)
  CSRCTL_TOKEN                    a token
  CSRCTL_USER, CSRCTL_PASSWORD    a user, in place of a token; on a terminal it
                                  asks for a password that is not set
  NODE_EXTRA_CA_CERTS             PEM file with the CA of the service's certificate`

type AddCommand = (program: Command) => void

/** By their first word, in the order of the help; those with a name of two words are in a folder with the first. */
const commands: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ['lint', async () => (await import('./lint.ts')).addLint],
  ['submit', async () => (await import('./submit.ts')).addSubmit],
  ['batch', async () => (await import('./batch/batch.ts')).addBatch],
  ['get', async () => (await import('./get.ts')).addGet],
  ['list', async () => (await import('./list.ts')).addList],
  ['delete', async () => (await import('./delete.ts')).addDelete],
  ['failures', async () => (await import('./failures/failures.ts')).addFailures],
  ['key', async () => (await import('./key/key.ts')).addKey],
  ['user', async () => (await import('./user/user.ts')).addUser],
  ['token', async () => (await import('./token/token.ts')).addToken],
  ['tenant', async () => (await import('./tenant/tenant.ts')).addTenant],
  ['audit', async () => (await import('./audit/audit.ts')).addAudit],
  ['policy', async () => (await import('./policy/policy.ts')).addPolicy],
  ['ops', async () => (await import('./ops/ops.ts')).addOps],
])

/**
 * The program with the command that `first`, the first argument, names, since loading what the others need would take most
 * of a start. Where it names none: with all commands, for help and suggestions.
 */
export async function createProgram(first = ''): Promise<Command> {
  const program = new Command('csrctl')
    .description(about)
    .version(packageJson.version)
    .exitOverride()
    .addHelpText('after', environmentHelp)
    .showHelpAfterError('Run "csrctl --help" to see what it takes.')
    .configureOutput({ outputError: (text) => say(plain(text)) })
  const named = commands.get(first)
  for (const load of named === undefined ? commands.values() : [named]) (await load())(program)
  return program
}

/** What commander says, in one line: it gives a suggestion a line of its own. */
function plain(text: string): string {
  return text
    .trim()
    .replaceAll('\n', ' ')
    .replace(/^error: (command-argument value )?/, '')
}
