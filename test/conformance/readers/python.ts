import { join } from 'node:path'
import { startLineProcess } from './line-process.ts'
import { abilities, type CsrReader } from './reader.ts'
import { outputOf } from './run-command.ts'

const program = join(import.meta.dirname, 'python', 'reader.py')

// Debian's own has Debian's package; another python3 may come first on the PATH.
const pythons = ['/usr/bin/python3', 'python3']

/**
 * The Python package `cryptography`. Extensions are all read or none. The key is exported again for
 * its hash.
 */
export const python: CsrReader = {
  name: 'python',
  debianPackages: ['python3-cryptography'],
  version: async () => (await found())?.version,
  debianVersion: 'cryptography 38.',
  can: abilities({
    // It gives the octets only of extensions it does not know.
    no: ['extensionValues'],
    algorithms: {
      'ml-dsa-44': ['signatureValid', 'key', 'spki'],
      'ml-dsa-65': ['signatureValid', 'key', 'spki'],
      'ml-dsa-87': ['signatureValid', 'key', 'spki'],
    },
  }),
  start: async () => startLineProcess(await pythonCommand(), ['-I', program]),
}

/** The python3 that has the package. */
export async function pythonCommand(): Promise<string> {
  const python = await found()
  if (python === undefined) throw new Error('No python3 with the package cryptography.')
  return python.command
}

async function found(): Promise<{ command: string; version: string } | undefined> {
  for (const command of pythons) {
    const version = await outputOf(command, ['-I', program, 'version'])
    if (version !== undefined) return { command, version }
  }
  return undefined
}
