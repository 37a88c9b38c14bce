import { type Command, CommanderError } from 'commander'
import { fail, printJson } from '../service-command.ts'
import type { OpenedExport } from './open-export.ts'

const about =
  "Opens a key that was exported for a recipient, with the recipient's private key and without the service, and prints it as PEM (PKCS#8) that is not encrypted."

const exitCodeHelp = `
Exit codes:
  0  done
  1  it does not open with this identity, or it was changed
  2  wrong usage, or a file that cannot be read or written, or is not what it should be`

type Options = {
  identity: string
  passwordFile?: string
  out?: string
  force?: true
  json?: true
}

/** `csrctl key open FILE`: opens an exported key. Needs no service. */
export function addKeyOpen(group: Command): void {
  group
    .command('open')
    .summary('opens an exported key')
    .description(about)
    .argument(
      '<file>',
      'what "csrctl key export" wrote: a JWE, or JSON with one; - is standard input',
    )
    .requiredOption('--identity <file>', "the recipient's private key, as PEM or JWK")
    .option('--password-file <file>', 'has the password of an encrypted identity')
    .option('--out <file>', 'writes the key into a new file, which only you can read')
    .option('--force', 'replaces the file of --out')
    .option('--json', 'prints one JSON document')
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError('Run "csrctl key open --help" to see what it takes.')
    .action(openKey)
}

async function openKey(file: string, options: Options, command: Command): Promise<void> {
  checkUsage(file, options, command)
  try {
    await print(await openFiles(file, options), options)
  } catch (error) {
    // Wrong usage is told by commander.
    if (error instanceof CommanderError) throw error
    fail(error, options)
  }
}

function checkUsage(file: string, options: Options, command: Command): void {
  const { identity, passwordFile, out, force } = options
  if ([file, identity, passwordFile].filter((name) => name === '-').length > 1) {
    command.error("error: '-' is given twice, but standard input can be read once.")
  }
  if (force && (out === undefined || out === '-')) {
    command.error("error: '--force' replaces a file, but '--out' names none.")
  }
  // What stands on a terminal stays in its history and in front of whoever passes by. Who means it says `--out -`.
  if (out === undefined && process.stdout.isTTY) {
    command.error(
      "error: A private key is not for terminals. Name a file with '--out', or show it with '--out -'.",
    )
  }
}

async function openFiles(file: string, { identity, passwordFile }: Options): Promise<OpenedExport> {
  // All that opens is loaded by this command alone.
  const { readExport, openExport } = await import('./open-export.ts')
  const { readIdentity } = await import('./open-identity.ts')
  const jwe = await readExport(file)
  const key = await readIdentity(identity, { passwordFile, stdinIsTaken: file === '-' })
  return await openExport(jwe, file, key, identity)
}

async function print({ pem, ...facts }: OpenedExport, { out, force, json }: Options) {
  if (out === undefined || out === '-') {
    if (json) printJson({ ...facts, privateKey: pem })
    else process.stdout.write(pem)
    return
  }
  const { writePrivateFile } = await import('./open-out-file.ts')
  await writePrivateFile(out, pem, force === true)
  if (json) printJson({ ...facts, file: out })
}
