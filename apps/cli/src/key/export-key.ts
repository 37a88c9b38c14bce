import type { Client, ExportTo } from '@csr-foundry/client'
import type { Command } from 'commander'
import { Failure } from '../failure.ts'
import { placeOf, readNamed } from '../read-named.ts'
import { readSecret } from '../read-secret.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'

const about =
  'Exports a private key whose custody is "exportable", encrypted for its reader: with --recipient as a JWE, which "csrctl key open" opens, without as PKCS#8 in PEM under a password, which OpenSSL opens. The service notes each export in its audit.'

type Options = {
  recipient?: string
  passwordFile?: string
  out?: string
  force?: true
  json?: true
}

/** `csrctl key export ID`: a private key, encrypted for its reader. */
export function addKeyExport(group: Command): void {
  serviceCommand(group, 'export', 'exports a private key, encrypted')
    .description(about)
    .argument('<id>', 'of the key')
    .option('--recipient <file>', 'the public JWK of who opens it; - is standard input')
    .option('--password-file <file>', 'has the password; - is standard input')
    .option('--out <file>', 'writes it into a new file, which only you can read')
    .option('--force', 'replaces the file of --out')
    .action(withClient(exportKey))
}

async function exportKey(client: Client, id: string, options: Options, command: Command) {
  checkUsage(options, command)
  const { out, force, json } = options
  const exported = await client.keys.export(id, await readerOf(options))
  const text = 'jwe' in exported ? `${exported.jwe}\n` : exported.pem
  if (out === undefined) {
    if (json) printJson(exported)
    else process.stdout.write(text)
    return
  }
  const { writePrivateFile } = await import('./open-out-file.ts')
  await writePrivateFile(out, text, force === true)
  if (json) printJson({ id, file: out })
}

function checkUsage({ recipient, passwordFile, out, force }: Options, command: Command): void {
  if (recipient !== undefined && passwordFile !== undefined) {
    command.error("error: '--recipient' and '--password-file' are two ways; give one of them.")
  }
  if (force && out === undefined) {
    command.error("error: '--force' replaces a file, but '--out' names none.")
  }
}

async function readerOf({ recipient, passwordFile }: Options): Promise<ExportTo> {
  if (recipient !== undefined) return { recipient: await readRecipient(recipient) }
  const password = await readSecret({
    file: passwordFile,
    prompt: 'Password of the export: ',
    again: 'The same again: ',
  })
  return { password }
}

/** A private key that is given by mistake goes nowhere. */
async function readRecipient(file: string): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await readNamed(file, { maxBytes: 64 * 1024, what: 'recipient' })
  const jwk = parse(bytes.toString('utf8'))
  if (jwk === undefined) throw Failure.of('no_recipient', `There is no JWK in ${placeOf(file)}.`)
  if ('d' in jwk || 'k' in jwk) {
    throw Failure.of('no_recipient', `There is a private key in ${placeOf(file)}; it was not sent.`)
  }
  return jwk
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isJwk = typeof value === 'object' && value !== null && 'kty' in value
    return isJwk ? { ...value } : undefined
  } catch {
    return undefined
  }
}
