import type { Client, ExportTo } from '@csr-foundry/client'
import type { Command } from 'commander'
import { readSecret } from '../read-secret.ts'
import { printJson, serviceCommand, withClient } from '../service-command.ts'
import { readRecipient } from './read-recipient.ts'

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
