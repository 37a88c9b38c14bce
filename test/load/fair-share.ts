import { setTimeout as sleep } from 'node:timers/promises'
import { makeTenant } from '../e2e/make-tenant.ts'
import type { Caller } from '../e2e/start-service.ts'
import { type BulkService, mostInHand } from './bulk-service.ts'
import { deviceLines } from './device-lines.ts'
import { allMade, chunksOf, handIn, handInAlone, handInBody } from './hand-in.ts'
import { percentilesText } from './percentile.ts'
import { say, tellPromise } from './promised.ts'

const leastShare = 0.85
const smallRows = 50
const warmUpRows = 5_000
/** So many rows wait all the time; the batch grows as they are made. */
const keptQueued = 10 * mostInHand
const mostRowsOfBatch = 1_000_000
const [large, small] = ['large', 'small']

/**
 * A tenant has a large batch, whose end is far off, and another hands in a small one every second: what the small ones do not ask for
 * stays the large one's. What there is to share is what the large one gets when it is alone, before and after.
 */
export async function fairShare(bulk: BulkService, seconds: number): Promise<void> {
  const owner = await makeTenant(bulk.service, large)
  const other = await makeTenant(bulk.service, small)
  // Until the code is compiled for what it does.
  await allMade(bulk.service, await handInAlone(bulk.service, warmUpRows))
  const end = new AbortController()
  const feeding = keepFed(bulk, owner, end.signal)
  try {
    const measuring = measure(bulk, other, seconds)
    // A batch that is not taken ends it.
    await Promise.race([measuring, feeding.then(() => measuring)])
    tellShare(await measuring, seconds)
  } finally {
    end.abort()
    await feeding.catch(() => undefined)
  }
}

type Rates = { readonly large: number; readonly small: number }
type Measured = {
  readonly alone: readonly Rates[]
  readonly during: Rates
  readonly times: number[]
}

async function measure(bulk: BulkService, other: Caller, seconds: number): Promise<Measured> {
  while ((await queuedOfLarge(bulk)) < keptQueued) await sleep(100)
  const aloneFor = Math.max(5, Math.round(seconds / 10))
  const before = await rates(bulk, aloneFor)
  say(`the large batch alone, ${aloneFor} s: ${before.large.toFixed(0)} rows a second`)
  const [during, times] = await Promise.all([rates(bulk, seconds), handInSmall(other, seconds)])
  const after = await rates(bulk, aloneFor)
  say(`alone again, ${aloneFor} s: ${after.large.toFixed(0)} rows a second`)
  return { alone: [before, after], during, times }
}

function tellShare({ alone, during, times }: Measured, seconds: number): void {
  const [before = 0, after = 0] = alone.map((rates) => rates.large)
  const capacity = (before + after) / 2
  const share = during.large / (capacity - during.small)
  say(
    `${times.length} small batches of ${smallRows} rows, from sent to all made: ${percentilesText(times)}`,
  )
  tellPromise(
    `of ${capacity.toFixed(0)} rows a second less ${during.small.toFixed(0)} of small batches, the large one has`,
    `${during.large.toFixed(0)}, ${(100 * share).toFixed(1)} %`,
    `>= ${100 * leastShare} %`,
    share >= leastShare && times.length >= seconds,
  )
}

/** Sends rows of a batch as others are made, so that the queue is neither empty nor full, however long it takes. */
async function keepFed(bulk: BulkService, caller: Caller, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await handInBody(caller, rowsAsNeeded(bulk, signal))
}

async function* rowsAsNeeded(bulk: BulkService, signal: AbortSignal) {
  for (const chunk of chunksOf(deviceLines(mostRowsOfBatch))) {
    while (!signal.aborted && (await queuedOfLarge(bulk)) > keptQueued) await sleep(50)
    if (signal.aborted) return
    yield chunk
  }
}

async function queuedOfLarge(bulk: BulkService): Promise<number> {
  const [counts] = await bulk.counts([large])
  return counts?.queued ?? 0
}

/** Rows a second that are made of both, over so many seconds. */
async function rates(bulk: BulkService, seconds: number): Promise<Rates> {
  const started = performance.now()
  const before = await bulk.counts([large, small])
  await sleep(seconds * 1_000)
  const after = await bulk.counts([large, small])
  const took = (performance.now() - started) / 1_000
  if ((after[0]?.queued ?? 0) < mostInHand) throw new Error('The large batch was not kept fed.')
  const [ofLarge = 0, ofSmall = 0] = after.map(
    ({ ready }, tenant) => (ready - (before[tenant]?.ready ?? 0)) / took,
  )
  return { large: ofLarge, small: ofSmall }
}

/** A batch a second, whatever became of those before; gives how long each took until all of it was made, in ms. */
async function handInSmall(caller: Caller, seconds: number): Promise<number[]> {
  const times: Promise<number>[] = []
  const started = performance.now()
  for (let second = 0; second < seconds; second++) {
    await sleep(Math.max(0, started + second * 1_000 - performance.now()))
    times.push(timeOfSmall(caller))
  }
  return await Promise.all(times)
}

async function timeOfSmall(caller: Caller): Promise<number> {
  const sent = Date.now()
  const batch = await handIn(caller, smallRows)
  if (batch === undefined) throw new Error('Small batches pile up: too many are open.')
  // The service notes when it was done: to look more often would take the time that is measured.
  const { times } = await allMade(caller, batch, 250)
  return Date.parse(times.settled ?? '') - sent
}
