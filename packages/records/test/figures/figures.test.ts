import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { FiguresReader } from '../../src/figures/figures-reader.ts'
import { bucketBounds } from '../../src/figures/histogram.ts'
import { readTotals } from '../../src/figures/read-totals.ts'
import {
  type ActingPlace,
  completeLot,
  createRequests,
  findLostLots,
  giveBackLot,
  OverviewSource,
  readOverview,
  shardKeys,
  shardTags,
  startLot,
} from '../../src/index.ts'
import {
  create,
  createNew,
  failedResult,
  newRun,
  newTenant,
  readyResult,
  workOff,
} from '../make-requests.ts'
import { withEmptyRecords } from '../with-empty-records.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  place = newTenant()
})

const shards = shardTags(1)
const [shard = '{s10}'] = shards
const { lane: laneKey, minuteStats, lot: lotKey } = shardKeys(shard)
const lane = { lane: 'fast', priority: 0 } as const

async function fastNow() {
  const { minutes } = await new FiguresReader(redis, shards).last(2)
  const ofBoth = minutes.map(({ lanes }) => lanes.fast)
  return {
    ready: ofBoth.reduce((sum, { wait }) => sum + wait.reduce((all, one) => all + one, 0), 0),
    failed: Object.fromEntries(ofBoth.flatMap(({ failed }) => [...failed])),
  }
}

test('a lot is counted once, and each of its requests by how it ended', async () => {
  const made = await create(redis, place, 5)
  const failing = new Set(made.ids.slice(0, 2))
  const run = newRun(made.ticket)
  await startLot(redis, run)
  const results = made.ids.map((id) => (failing.has(id) ? failedResult(id) : readyResult(id)))
  await completeLot(redis, run, place.tenant, results)
  // Once more, as a worker does whose answer was lost.
  await completeLot(redis, run, place.tenant, results)
  expect(await fastNow()).toEqual({ ready: 3, failed: { csr_not_made: 2 } })
  const [totals] = await readTotals(redis, shards)
  expect(totals).toMatchObject({ lane: 'fast', lots: 1, failed: new Map([['csr_not_made', 2]]) })
  expect(totals?.algorithms.map(({ algorithm }) => algorithm)).toEqual(['ecdsa-p256'])
})

test('all of a lot have waited as long, and the work is shared among them', async () => {
  const made = await create(redis, place, 4)
  const run = newRun(made.ticket)
  await startLot(redis, run)
  const [seconds] = (await redis.time()).map(Number)
  const started = (seconds ?? 0) * 1_000 - 400
  await redis.hset(lotKey(run.lot), { created: started - 7_000, started })
  const results = made.ids.map((id) => readyResult(id))
  await completeLot(redis, run, place.tenant, results)
  const [totals] = await readTotals(redis, shards)
  const [algorithm] = totals?.algorithms ?? []
  expect(algorithm?.wait.sum).toBe(4 * 7_000)
  expect(algorithm?.wait.buckets[bucketBounds.indexOf(10_000)]).toBe(4)
  // The lot took from 0.4 to 1.4 seconds, as this very second had begun.
  expect(algorithm?.work.sum).toBeGreaterThanOrEqual(400)
  expect(algorithm?.work.sum).toBeLessThan(1_600)
  expect(
    algorithm?.work.buckets.slice(0, bucketBounds.indexOf(500) + 1).reduce((a, b) => a + b),
  ).toBe(4)
})

test('keys of one lot are told apart by their algorithm', async () => {
  const spec = (algorithm: 'ecdsa-p256' | 'ed25519') => ({
    spec: {
      subject: [],
      subjectAltNames: [{ type: 'dns' as const, value: 'a.example.com' }],
      key: { algorithm, digest: algorithm === 'ed25519' ? undefined : ('sha256' as const) },
      custody: 'internal' as const,
    },
  })
  const requests = [spec('ecdsa-p256'), spec('ed25519'), spec('ed25519')] as never
  const made = await createNew(redis, place, { requests, ...lane })
  const ids = [0, 1, 2].map((at) => String(Number(made.firstId) + at))
  await workOff(redis, place, { ids, ticket: made.ticket })
  const [totals] = await readTotals(redis, shards)
  const counts = totals?.algorithms.map(({ algorithm, work }) => [
    algorithm,
    work.buckets.reduce((sum, count) => sum + count, 0),
  ])
  expect(counts).toEqual([
    ['ecdsa-p256', 1],
    ['ed25519', 2],
  ])
})

test('what a worker lets go of, what dies with one and what the sweep finds is counted by lane', async () => {
  const { ticket } = await create(redis, place)
  const run = newRun(ticket)
  await startLot(redis, run)
  await giveBackLot(redis, run, 'wait')
  await startLot(redis, newRun(ticket))
  await startLot(redis, newRun(ticket))
  await findLostLots(redis, shard, { offset: 0, limit: 10, leastAge: 0 })
  const [totals] = await readTotals(redis, shards)
  expect(totals).toMatchObject({ stalls: 1, swept: 1, givenBack: new Map([['wait', 1]]) })
})

test('a lot that is set aside is a failure of its code', async () => {
  const { ticket } = await create(redis, place)
  for (let i = 0; i < 3; i++) await startLot(redis, newRun(ticket))
  expect(await fastNow()).toMatchObject({ ready: 0, failed: { worker_died: 1 } })
})

test('a minute is kept for 25 hours, and the totals for ever', async () => {
  await workOff(redis, place, await create(redis, place))
  const [seconds] = (await redis.time()).map(Number)
  const minute = Math.floor((seconds ?? 0) / 60)
  const ttls = await Promise.all(
    [minute - 1, minute].map((one) => redis.ttl(minuteStats('fast', one))),
  )
  expect(Math.max(...ttls)).toBeGreaterThan(24.9 * 3_600)
  expect(Math.max(...ttls)).toBeLessThanOrEqual(25 * 3_600)
  expect(await redis.ttl(laneKey('fast'))).toBe(-1)
})

test('minutes that are over are read once', async () => {
  const reader = new FiguresReader(redis, shards)
  await reader.last(60)
  await redis.config('RESETSTAT')
  await reader.last(60)
  const read = /cmdstat_hgetall:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1]
  // The one of now, and perhaps the one before it: two lanes and the server.
  expect(Number(read)).toBeLessThanOrEqual(6)
})

test('an overview costs the same with ten requests and with a thousand', async () => {
  const source = new OverviewSource(redis, shards)
  const place = { ...newTenant(), tenant: 'default' }
  const commandsOfOverview = async () => {
    // The figures of minutes that are over are known by then.
    await readOverview(source)
    await redis.config('RESETSTAT')
    const overview = await readOverview(source)
    const stats = await redis.info('commandstats')
    const calls = [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)]
    return { overview, calls: calls.reduce((sum, [, , count]) => sum + Number(count), 0) }
  }
  await createRequests(redis, place, { requests: Array(10).fill(aRequest), ...lane })
  const few = await commandsOfOverview()
  await createRequests(redis, place, { requests: Array(1_000).fill(aRequest), ...lane })
  const many = await commandsOfOverview()
  expect(many.calls).toBeLessThanOrEqual(few.calls)
  expect(many.calls).toBeLessThan(80)
})

const aRequest = {
  spec: {
    subject: [],
    subjectAltNames: [{ type: 'dns' as const, value: 'a.example.com' }],
    key: { algorithm: 'ecdsa-p256' as const, digest: 'sha256' as const },
    custody: 'internal' as const,
  },
}
