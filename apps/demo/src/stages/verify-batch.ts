import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { readFacts } from '../csr-facts.ts'
import { DemoError, reasonOf } from '../demo-error.ts'
import { type Device, readDevices, readIndex } from '../device-list.ts'
import { stopwatch } from '../format-duration.ts'
import { opensslVersion, verifyWithOpenssl } from '../openssl.ts'
import type { Screen } from '../screen.ts'
import type { BatchCall } from './submit-batch.ts'

/** How many CSRs there is a line for, where the progress is lines. */
const lineEvery = 250

type Checked = { readonly file: string; readonly device: Device }

/** Reads every CSR back, holds it against its row, and has OpenSSL verify it; then tells the figures. */
export async function verifyBatch(
  screen: Screen,
  { file, folder, signal }: BatchCall,
  { milliseconds, took }: { milliseconds: number; took: string },
): Promise<void> {
  screen.stage(
    'Checking every one of them',
    'names and key of each CSR are those of its row; openssl req -verify checks its signature',
  )
  const elapsed = stopwatch()
  const devices = await readDevices(file)
  const files = await readIndex(join(folder, 'index.csv'))
  const openssl = await opensslVersion()
  const all = devices.map((device) => ({ device, file: join(folder, files.get(device.ref) ?? '') }))
  await checkAll(screen, all, openssl !== undefined, signal)
  const how = openssl === undefined ? 'read back without OpenSSL' : `verified by ${openssl}`
  screen.done(`${all.length} of ${all.length} ${how}, in ${elapsed()}`)
  screen.note(kindsText(devices))
  const rate = Math.round(all.length / (milliseconds / 1_000))
  const out = `${relative(process.cwd(), folder)}/`
  screen.total(`${all.length} CSRs from one file in ${took}, ${rate} a second, saved in ${out}`)
}

/** As many at a time as there are processors: each check is a process. */
async function checkAll(
  screen: Screen,
  all: readonly Checked[],
  byOpenssl: boolean,
  signal: AbortSignal,
): Promise<void> {
  using progress = screen.progress(all.length, lineEvery)
  const left = all.values()
  const checkOn = async () => {
    for (const one of left) {
      await check(one, byOpenssl, signal)
      progress.advance(one.device.ref)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, checkOn))
}

async function check({ device, file }: Checked, byOpenssl: boolean, signal: AbortSignal) {
  try {
    const { commonName, key, altNames } = readFacts(await readFile(file, 'utf8'))
    const found = JSON.stringify([commonName, key, ...altNames])
    const asked = JSON.stringify([device.commonName, device.key, ...device.altNames])
    if (found !== asked) throw new DemoError(`it has ${found}, not ${asked}`)
    if (byOpenssl) await verifyWithOpenssl(file, signal)
  } catch (cause) {
    throw new DemoError(`The CSR of ${device.ref} is not right: ${reasonOf(cause)}`, { cause })
  }
}

function kindsText(devices: readonly Device[]): string {
  const kinds = Map.groupBy(devices, ({ key }) => key)
  return [...kinds].map(([key, { length }]) => `${length} ${key}`).join(', ')
}
