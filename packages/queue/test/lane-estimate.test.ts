import { shardKeys, shardTag } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { estimateWait, type LotOutcome, LotWorker } from '../src/index.ts'
import { startQueue, type TestQueue } from './start-queue.ts'

leakGuard()
const shard = shardTag(0)
let queue: TestQueue
beforeAll(async () => {
  queue = await startQueue()
})
afterAll(() => queue.stop())
beforeEach(() => queue.redis.flushall())

const lotsTake = (milliseconds: number) =>
  queue.redis.hset(shardKeys(shard).lane('slow'), 'work', milliseconds)

async function addLots(count: number): Promise<void> {
  for (let lot = 1; lot <= count; lot++) {
    await queue.queues.add({ shard, lane: 'slow', lot: String(lot), priority: lot % 2 })
  }
}

const estimates = (times: number) =>
  Promise.all(
    Array.from({ length: times }, () => estimateWait(queue.redis, queue.queues, shard, 'slow')),
  )

test('a lane that is empty, or of which nothing is known, says one second', async () => {
  expect(new Set(await estimates(20))).toEqual(new Set([1]))
  await addLots(50)
  expect(new Set(await estimates(20))).toEqual(new Set([1]))
})

test('a lane never says more than a minute', async () => {
  await lotsTake(5_000_000)
  expect(new Set(await estimates(20))).toEqual(new Set([60]))
})

test('a lane says what waits before, times what a lot takes, and up to a quarter more at random', async () => {
  await lotsTake(2_000)
  await addLots(9)
  const told = await estimates(200)
  // Nine lots and the caller's own, two seconds each.
  expect(Math.min(...told)).toBeGreaterThanOrEqual(20)
  expect(Math.max(...told)).toBeLessThanOrEqual(25)
  expect(new Set(told).size).toBeGreaterThan(2)
})

test('lots that are worked on at once shorten the wait', async () => {
  await lotsTake(2_000)
  const end = Promise.withResolvers<LotOutcome>()
  const worker = new LotWorker(queue.redis, {
    shard,
    lane: 'slow',
    concurrency: 3,
    process: () => end.promise,
    giveBack: async () => {},
    onError: () => {},
  })
  await worker.ready()
  await addLots(12)
  await expect.poll(() => queue.queues.load(shard, 'slow')).toEqual({ waiting: 9, active: 3 })
  const told = await estimates(50)
  expect(Math.min(...told)).toBeGreaterThanOrEqual(8)
  expect(Math.max(...told)).toBeLessThanOrEqual(10)
  const drained = worker.drain(5_000)
  end.resolve({ done: true })
  await drained
})
