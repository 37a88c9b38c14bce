import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { goProgram } from '../conformance/readers/go-program.ts'
import { outputOf } from '../conformance/readers/run-command.ts'
import { type Device, writeLines } from './fleet.ts'
import type { IndexRow } from './index-file.ts'

/** `keys`: how many different public keys the CSRs that passed have. */
export type GoReport = {
  readonly passed: number
  readonly failed: number
  readonly keys: number
  readonly faults: readonly { readonly file: string; readonly fault: string }[] | null
}

/** Go's version, or undefined where there is none. */
export const goVersion = () => outputOf('go', ['version'])

/** Has one process of Go read all CSRs, hold each against its row, and verify its signature. */
export async function checkWithGo(
  folder: string,
  index: readonly IndexRow[],
  devices: Iterable<Device>,
): Promise<GoReport> {
  const program = await goProgram(join(import.meta.dirname, 'go', 'main.go'))
  const list = `${folder}.asked.ndjson`
  await writeLines(list, askedOf(folder, index, devices))
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
  createReadStream(list).pipe(child.stdin)
  const [report] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`The Go program ended with ${child.exitCode}.`)
  return JSON.parse(report)
}

/** By ref: a CSR under a wrong name has another device's names. */
function* askedOf(folder: string, index: readonly IndexRow[], devices: Iterable<Device>) {
  const files = new Map(index.map(({ ref, file }) => [ref, file]))
  for (const { ref, commonName, organization, dns, ips } of devices) {
    const file = join(folder, files.get(ref) ?? 'no such file')
    yield `${JSON.stringify({ file, commonName, organization, dns, ips })}\n`
  }
}
