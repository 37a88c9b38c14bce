import { readCerttoolText } from './certtool-text.ts'
import { toCommonForm } from './common-form.ts'
import { abilities, type CsrReader } from './reader.ts'
import type { Reading } from './reading.ts'
import { mapConcurrently, outputOf, runCommand } from './run-command.ts'

const concurrency = 2

/**
 * GnuTLS: `certtool --crq-info` once for each CSR; of several in one file it reads the first. Its
 * text has neither string types nor the octets of the extensions that it knows.
 */
export const certtool: CsrReader = {
  name: 'certtool',
  debianPackages: ['gnutls-bin'],
  version: async () => (await outputOf('certtool', ['--version']))?.split('\n')[0],
  debianVersion: 'certtool 3.7.9',
  can: abilities({
    no: ['stringTypes', 'extensionValues', 'unstructuredName'],
    algorithms: {
      'ml-dsa-44': ['signatureValid', 'key', 'spki'],
      'ml-dsa-65': ['signatureValid', 'key', 'spki'],
      'ml-dsa-87': ['signatureValid', 'key', 'spki'],
    },
  }),
  start: async () => ({
    readAll: (ders) => mapConcurrently(ders, concurrency, readOne),
    [Symbol.asyncDispose]: async () => undefined,
  }),
}

async function readOne(der: Buffer): Promise<Reading> {
  const { stdout, stderr } = await runCommand('certtool', ['--crq-info', '--inder'], der)
  const text = stdout.toString('utf8')
  if (!text.startsWith('PKCS #10 Certificate Request Information:')) {
    return { accepted: false, error: `${stderr}`.trim() }
  }
  const raw = readCerttoolText(text)
  const signature = /^Self signature: (.*)$/m.exec(text)?.[1]
  // It says the same of a key that it does not know.
  const failed = raw.key?.kind === 'other' ? 'cannot' : false
  return toCommonForm({ ...raw, signatureValid: signature === 'verified' || failed })
}
