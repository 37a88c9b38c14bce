/**
 * How busy the threads that generate RSA keys are while a batch of RSA 2048 runs, on the service as its users start it:
 *
 *     npm run bench:rsa [-- --seconds 60]
 *
 * A worker generates RSA keys on libuv's threads, of which it has as many as it may use cores, and on which it does nothing else that
 * takes time. Linux counts for each thread how long it ran and how long it was ready to run and waited for a core: both together
 * are the time that its keys took, and the rest is time without a key. Ends with 1 where that is not as promised.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BulkService, startBulkService } from './bulk-service.ts'
import { handInAlone } from './hand-in.ts'
import { say, tellPromise } from './promised.ts'
import { wholeNumbers } from './whole-numbers.ts'

const leastBusy = 0.95
/** A core makes about half as many a second. */
const rowsOfCoreSecond = 40
const settleMs = 5_000

const { seconds } = wholeNumbers({ seconds: 60 })

await using bulk = await startBulkService()
const cores = availableParallelism()
await handInAlone(bulk.service, rowsOfCoreSecond * cores * (seconds + settleMs / 1_000), 'rsa-2048')
await sleep(settleMs)
const [before, started] = [await look(bulk), performance.now()]
await sleep(seconds * 1_000)
const [after, wall] = [await look(bulk), performance.now() - started]
if (after.queued === 0) throw new Error('All of it was made before the time was over.')
const threads = after.threads.length
const whole = wall * threads
const share = (of: (thread: Thread) => number) =>
  (sumOf(after.threads, of) - sumOf(before.threads, of)) / whole
const [ran, waited] = [share(({ ranMs }) => ranMs), share(({ waitedMs }) => waitedMs)]
say(`${((after.ready - before.ready) / (wall / 1_000)).toFixed(1)} keys of RSA 2048 a second`)
say(
  `${threads} threads of ${cores} cores: ${percentText(ran)} running, ${percentText(waited)} waiting for a core`,
)
tellPromise(
  'of the time, the threads that generate keys have one in hand',
  percentText(ran + waited),
  `>= ${percentText(leastBusy)}`,
  ran + waited >= leastBusy && threads >= cores,
)

type Thread = { readonly ranMs: number; readonly waitedMs: number }

async function look({ service, counts }: BulkService) {
  const [{ queued, ready } = { queued: 0, ready: 0 }] = await counts(['default'])
  const threads = service.pids('apps/worker/src/work.ts').flatMap(generatingThreads)
  return { queued, ready, threads }
}

/** https://docs.kernel.org/scheduler/sched-stats.html: time on a core, time waiting for one, in ns. */
function generatingThreads(pid: number): Thread[] {
  const folder = `/proc/${pid}/task`
  return readdirSync(folder)
    .filter((thread) => readFileSync(`${folder}/${thread}/comm`, 'utf8').startsWith('libuv-worker'))
    .map((thread) => {
      const [ran, waited] = readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')
      return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 }
    })
}

function sumOf(threads: readonly Thread[], of: (thread: Thread) => number): number {
  return threads.reduce((sum, thread) => sum + of(thread), 0)
}

function percentText(part: number): string {
  return `${(100 * part).toFixed(1)} %`
}
