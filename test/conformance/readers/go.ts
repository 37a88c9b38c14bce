import { join } from 'node:path'
import { goProgram } from './go-program.ts'
import { startLineProcess } from './line-process.ts'
import { abilities, type CsrReader } from './reader.ts'
import { outputOf } from './run-command.ts'

const source = join(import.meta.dirname, 'go', 'main.go')

/** Go's crypto/x509, and encoding/asn1 for what that leaves undecoded. */
export const go: CsrReader = {
  name: 'go',
  debianPackages: ['golang-go'],
  version: async () => (await outputOf('go', ['version']))?.replace('go version ', ''),
  debianVersion: 'go1.19.',
  can: abilities({
    no: [],
    algorithms: {
      'ml-dsa-44': ['signatureValid', 'key', 'signatureAlgorithm'],
      'ml-dsa-65': ['signatureValid', 'key', 'signatureAlgorithm'],
      'ml-dsa-87': ['signatureValid', 'key', 'signatureAlgorithm'],
    },
  }),
  start: async () => startLineProcess(await goProgram(source), []),
}
