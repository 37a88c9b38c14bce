import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BulkService } from '../load/bulk-service.ts'
import { say, tellPromise } from '../load/promised.ts'
import { runCsrctl } from '../load/run-csrctl.ts'
import { checkRecords } from './check-records.ts'
import { checkWithGo, goVersion } from './check-with-go.ts'
import { checkWithOpenssl, drawn } from './check-with-openssl.ts'
import { devicesOf, type Fleet, writeFleet } from './fleet.ts'
import { type IndexRow, readIndexFile } from './index-file.ts'
import { watchMemory } from './watch-memory.ts'

const mostApiGrowth = 100_000_000
const mostRedisBytes = 2_048
const verifiedByOpenssl = 1_000
const shownFaults = 5
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

/** Hands a fleet in by `csrctl submit --out`, watches what that takes, and checks every CSR. */
export async function bulkCsrs(
  bulk: BulkService,
  { count, seed }: { count: number; seed: number },
): Promise<void> {
  const fleet: Fleet = { count, seed, keys: ['ecdsa-p256'] }
  const folder = join(bulk.folder, 'csrs')
  await submitWatched(bulk, fleet, folder)
  say(`Checking ${count} CSRs.`)
  const index = await readIndexFile(folder)
  const files = (await readdir(folder)).filter((name) => name.endsWith('.csr.pem'))
  const isWhole = files.length === count && index.length === count
  tellPromise('CSRs on disk', String(files.length), String(count), isWhole)
  tellFaults(await checkRecords(bulk.redis, folder, index, devicesOf(fleet)))
  await tellGo(folder, index, fleet)
  await tellOpenssl(folder, files, seed)
}

async function submitWatched(bulk: BulkService, fleet: Fleet, folder: string): Promise<void> {
  const { service, usedMemory } = bulk
  const file = join(bulk.folder, 'fleet.ndjson')
  await writeFleet(file, fleet)
  const redisBefore = await usedMemory()
  using api = watchMemory(service.pids('apps/api/src/main.ts').at(-1) ?? 0)
  const started = performance.now()
  await runCsrctl(service, ['submit', file, '--out', folder, '--json'])
  const seconds = (performance.now() - started) / 1_000
  const grown = api.growth()
  say(`csrctl took ${seconds.toFixed(1)} s: ${(fleet.count / seconds).toFixed(0)} rows a second`)
  tellPromise(
    "memory of the API's process grew by",
    megabytes(grown),
    `< ${megabytes(mostApiGrowth)}`,
    grown < mostApiGrowth,
  )
  // Until connections that are gone have given their buffers back.
  await sleep(1_000)
  const [counts] = await bulk.counts(['default'])
  const each = ((await usedMemory()) - redisBefore) / (counts?.ready ?? 0)
  tellPromise(
    'memory of Redis, each finished request',
    `${each.toFixed(0)} bytes`,
    `<= ${mostRedisBytes}`,
    each <= mostRedisBytes,
  )
}

function tellFaults(faults: readonly string[]): void {
  for (const fault of faults.slice(0, shownFaults)) say(`  ${fault}`)
  tellPromise(
    'refs, paths, keys and CSRs that are not as recorded',
    String(faults.length),
    '0',
    faults.length === 0,
  )
}

/** Also of keys that were handed out. */
export async function tellGo(
  folder: string,
  index: readonly IndexRow[],
  fleet: Fleet,
): Promise<void> {
  const version = await goVersion()
  const promised = `${fleet.count}, each with a key of its own`
  if (version === undefined) {
    tellPromise("CSRs that Go's crypto/x509 verifies", 'there is no Go here', promised, false)
    return
  }
  const { passed, failed, keys, faults } = await checkWithGo(folder, index, devicesOf(fleet))
  for (const { file, fault } of faults?.slice(0, shownFaults) ?? []) say(`  ${file}: ${fault}`)
  const isKept = passed === fleet.count && failed === 0 && keys === fleet.count
  tellPromise(
    `CSRs of their row that ${version} verifies`,
    `${passed}, ${failed} not, ${keys} keys`,
    promised,
    isKept,
  )
}

async function tellOpenssl(folder: string, files: readonly string[], seed: number): Promise<void> {
  const some = drawn(files, verifiedByOpenssl, seed)
  const refused = await checkWithOpenssl(folder, some)
  for (const file of refused.slice(0, shownFaults)) say(`  openssl does not verify ${file}`)
  const verified = some.length - refused.length
  tellPromise(
    'CSRs that openssl verifies, drawn by the seed',
    String(verified),
    String(some.length),
    refused.length === 0 && some.length > 0,
  )
}
