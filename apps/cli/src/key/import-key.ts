import type { Client, NewKey } from '@csr-foundry/client'
import { custody } from '@csr-foundry/native-api'
import { type Command, Option } from 'commander'
import { Failure } from '../failure.ts'
import { placeOf, readNamed } from '../read-named.ts'
import { isTerminal, readSecret } from '../read-secret.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

const about =
  "Gives a private key into the service's keeping and prints the id of the key. It takes PEM: PKCS#8 (also encrypted), PKCS#1 or SEC 1. The service seals the key as it arrives; csrctl neither keeps nor prints any of it."

type Options = {
  name?: string
  custody?: NonNullable<NewKey['custody']>
  passwordFile?: string
  json?: true
}

/** `csrctl key import FILE`: takes a private key in. */
export function addKeyImport(group: Command): void {
  serviceCommand(group, 'import', 'imports a private key')
    .description(about)
    .argument('<file>', 'the key as PEM, up to 64 KiB; - is standard input')
    .option('--name <name>', 'what the key is called in lists')
    .addOption(
      new Option(
        '--custody <custody>',
        'internal never leaves the service; unless given, the policy decides',
      ).choices(custody.options),
    )
    .option('--password-file <file>', 'has the password of an encrypted key; - is standard input')
    .action(withClient(importKey))
}

async function importKey(client: Client, file: string, options: Options, command: Command) {
  if (file === '-' && options.passwordFile === '-') {
    command.error("error: '-' is given twice, but standard input can be read once.")
  }
  const privateKey = await readPem(file)
  const password = await passwordFor(privateKey, options.passwordFile, file)
  const key = await client.keys.import({
    privateKey,
    ...(options.name !== undefined && { name: options.name }),
    ...(options.custody !== undefined && { custody: options.custody }),
    ...(password !== undefined && { password }),
  })
  if (options.json) printJson(key)
  else process.stdout.write(`${key.id}\n`)
}

async function readPem(file: string): Promise<string> {
  const bytes = await readNamed(file, { maxBytes: 64 * 1024, what: 'private key' })
  const text = bytes.toString('latin1')
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) return text
  throw Failure.of('no_private_key', `There is no private key as PEM in ${placeOf(file)}.`)
}

/** Without a password the service answers for an encrypted key, unless somebody is there to be asked. */
async function passwordFor(pem: string, file: string | undefined, keyFile: string) {
  const isEncrypted = pem.includes('BEGIN ENCRYPTED PRIVATE KEY')
  if (file === undefined && !(isEncrypted && isTerminal())) return undefined
  return readSecret({ file, prompt: `Password of ${keyFile}: ` })
}
