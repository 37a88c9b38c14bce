import type { Command } from 'commander'
import { fail, printJson } from '../service-command.ts'

const about =
  'Prints the public key of an identity as a JWK, which "csrctl key export --recipient" takes. It names the key by its thumbprint (RFC 7638). No member of a private key is in it.'

const exitCodeHelp = `
Exit codes:
  0  done
  2  wrong usage, or a file that cannot be read or has no such key`

type Options = { passwordFile?: string; json?: true }

/** `csrctl key recipient FILE`: the public JWK of an identity. Needs no service. */
export function addKeyRecipient(group: Command): void {
  group
    .command('recipient')
    .summary('prints the public JWK of an identity')
    .description(about)
    .argument('<identity>', 'RSA, P-256 or X25519, as PEM or JWK; - is standard input')
    .option('--password-file <file>', 'has the password of an encrypted identity')
    .option('--json', 'prints one JSON document, also of a failure')
    .addHelpText('after', exitCodeHelp)
    .showHelpAfterError('Run "csrctl key recipient --help" to see what it takes.')
    .action(printRecipient)
}

async function printRecipient(file: string, options: Options, command: Command): Promise<void> {
  const { passwordFile } = options
  if (file === '-' && passwordFile === '-') {
    command.error("error: '-' is given twice, but standard input can be read once.")
  }
  try {
    const { readRecipientKey } = await import('./open-identity.ts')
    const { publicJwkOf } = await import('./recipient-jwk.ts')
    const key = await readRecipientKey(file, { passwordFile, stdinIsTaken: false })
    printJson(await publicJwkOf(key))
  } catch (error) {
    fail(error, options)
  }
}
