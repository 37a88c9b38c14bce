import { createPrivateKey } from 'node:crypto'
import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runningDescendants } from '@csr-foundry/testing'
import type { BulkService } from '../load/bulk-service.ts'
import { say, tellPromise } from '../load/promised.ts'
import { Needles } from './needles.ts'

const readAtOnce = 16 * 1024 * 1024

/**
 * Looks for private keys, in clear, where none may ever have been: in the memory of every process of the service but the workers,
 * which make them, and in Redis' files and the log. That what is there would be found is proved on this process, which has them.
 */
export async function tellLeaks(bulk: BulkService, pems: readonly string[]): Promise<void> {
  const needles = new Needles(pems.flatMap(secretOf))
  const places = [
    ...runningDescendants(bulk.service.process.pid).filter(
      ({ command }) => !command.includes('apps/worker/src/work.ts'),
    ),
    { pid: bulk.service.process.pid ?? 0, command: 'npm start' },
  ]
  let leaks = 0
  for (const { pid, command } of places) {
    const found = await inMemory(pid, needles)
    if (found.size > 0) say(`  ${found.size} keys in the memory of ${pid}, ${command}`)
    leaks += found.size
  }
  for (const file of [
    join(bulk.folder, 'log'),
    ...(await filesOf(join(bulk.service.dataDir, 'redis'))),
  ]) {
    const found = needles.within(await readFile(file))
    if (found.size > 0) say(`  ${found.size} keys in ${file}`)
    leaks += found.size
  }
  const control = (await inMemory(process.pid, needles)).size
  const where = `${leaks} in ${places.length} processes, Redis' files and the log; ${control} in this one`
  const isKept = leaks === 0 && control >= needles.size * 0.9
  tellPromise(
    `of ${needles.size} private keys, found in clear elsewhere`,
    where,
    '0, and most in this one',
    isKept,
  )
}

/** What must stay secret of an EC or Ed25519 key. */
function secretOf(pem: string): Buffer[] {
  const { kty, d = '' } = createPrivateKey(pem).export({ format: 'jwk' })
  return kty === 'RSA' ? [] : [Buffer.from(d, 'base64url')]
}

/** What is written to by a process: its heaps and stacks, not its program. */
async function inMemory(pid: number, needles: Needles): Promise<Set<number>> {
  const found = new Set<number>()
  await using memory = await open(`/proc/${pid}/mem`)
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8')
  for (const [, start = '', end = ''] of maps.matchAll(/^([\da-f]+)-([\da-f]+) rw/gm)) {
    const last = Number.parseInt(end, 16)
    for (let from = Number.parseInt(start, 16); from < last; from += readAtOnce) {
      const length = Math.min(readAtOnce + needles.longest, last - from)
      // Devices and pages that are gone by now cannot be read.
      const read = await memory.read(Buffer.alloc(length), 0, length, from).catch(() => undefined)
      if (read === undefined) continue
      for (const one of needles.within(read.buffer.subarray(0, read.bytesRead))) found.add(one)
    }
  }
  return found
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}
