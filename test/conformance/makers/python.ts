import { join } from 'node:path'
import { pythonCommand } from '../readers/python.ts'
import { runCommand } from '../readers/run-command.ts'
import type { Maker } from './maker.ts'
import { readMade } from './read-made.ts'

/** `x509.CertificateSigningRequestBuilder`. */
export const makeWithPython: Maker = async function* (keys) {
  const program = join(import.meta.dirname, 'python', 'maker.py')
  yield* readMade(await runCommand(await pythonCommand(), ['-I', program, keys]))
}
