import { join } from 'node:path'
import { goProgram } from '../readers/go-program.ts'
import { runCommand } from '../readers/run-command.ts'
import type { Maker } from './maker.ts'
import { readMade } from './read-made.ts'

/** `x509.CreateCertificateRequest`. */
export const makeWithGo: Maker = async function* (keys) {
  const program = await goProgram(join(import.meta.dirname, 'go', 'main.go'))
  yield* readMade(await runCommand(program, [keys]))
}
