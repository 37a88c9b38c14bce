import { setTimeout as delay } from 'node:timers/promises'
import { giveBackLot, type LotRun, type ShardTag, shardTags, startLot } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { LotWorker } from '../src/index.ts'
import { create, newTenant, startQueue, type TestQueue, workOff } from './start-queue.ts'

leakGuard()
const shards = shardTags(4)
let queue: TestQueue
beforeAll(async () => {
  queue = await startQueue(shards)
})
afterAll(() => queue.stop())

/** A worker whose lots end when the test says so. */
async function work(shard: ShardTag, concurrency = 1) {
  const taken: LotRun[] = []
  const goOn = Promise.withResolvers<void>()
  const worker = new LotWorker(queue.redis, {
    ...{ shard, lane: 'fast', concurrency, onError: () => {} },
    giveBack: (run) => giveBackLot(queue.redis, run, 'drain'),
    process: async (run) => {
      taken.push(run)
      await startLot(queue.redis, run)
      await goOn.promise
      await workOff(queue.redis, run)
      return { done: true }
    },
  })
  await worker.ready()
  const [end, stop] = [() => goOn.resolve(), () => worker.drain(1_000)]
  return { worker, taken, end, [Symbol.asyncDispose]: stop }
}

async function add(shard: ShardTag, lots: number, priority = 0) {
  const place = newTenant(shard)
  for (let i = 0; i < lots; i++) {
    await queue.queues.add((await create(queue.redis, place, 1, priority)).ticket)
  }
  const counts = `${shard}:t:${place.tenant}:counts`
  return async () => Number(await queue.redis.hget(counts, 'ready'))
}

const shardOf = () => shards.pop() as ShardTag

test('a worker that is held ends what it has, takes no more, and goes on when it is told', async () => {
  const shard = shardOf()
  const ready = await add(shard, 3)
  await using held = await work(shard)
  await expect.poll(() => held.taken).toHaveLength(1)
  await held.worker.hold()
  held.end()
  await expect.poll(() => ready()).toBe(1)
  await delay(300)
  expect(await ready()).toBe(1)
  expect(await queue.queues.load(shard, 'fast')).toEqual({ waiting: 2, active: 0 })
  await held.worker.takeAgain()
  await expect.poll(() => ready()).toBe(3)
})

test('one that is held while it waits for a lot gives the lot that comes to another, at once', async () => {
  const shard = shardOf()
  await using held = await work(shard)
  await delay(100)
  await held.worker.hold()
  await using other = await work(shard)
  other.end()
  const ready = [await add(shard, 2), await add(shard, 2, 5)]
  const done = async () => (await Promise.all(ready.map((count) => count()))).join()
  await vi.waitFor(async () => expect(await done()).toBe('2,2'), { timeout: 8_000 })
  expect(held.taken).toEqual([])
})

test('how many lots it takes at once changes while it works', async () => {
  const shard = shardOf()
  const ready = await add(shard, 6)
  await using busy = await work(shard, 1)
  await expect.poll(() => busy.taken).toHaveLength(1)
  await busy.worker.setConcurrency(3)
  await expect.poll(() => busy.taken).toHaveLength(3)
  await delay(200)
  expect(busy.taken).toHaveLength(3)
  await busy.worker.setConcurrency(1)
  busy.end()
  await expect.poll(() => ready()).toBe(6)
})

test('one that is to leave while it is held leaves, and one that is told to go on after that does not', async () => {
  const shard = shardOf()
  const ready = await add(shard, 1)
  await using held = await work(shard)
  await held.worker.hold()
  held.end()
  await held.worker.drain(1_000)
  await held.worker.takeAgain()
  await add(shard, 1)
  await delay(200)
  expect(await ready()).toBeLessThanOrEqual(1)
  expect((await queue.queues.load(shard, 'fast')).active).toBe(0)
})
