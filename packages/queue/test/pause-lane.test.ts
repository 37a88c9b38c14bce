import { setTimeout as delay } from 'node:timers/promises'
import { findLostLots, type LotRun, readAudit, readRequest, shardTags } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { estimateWait, LotQueues, LotWorker, pauseLane, resumeLane } from '../src/index.ts'
import { create, newTenant, startQueue, type TestQueue, workOff } from './start-queue.ts'

leakGuard()
const shards = shardTags(2)
const [first, second] = shards as [(typeof shards)[0], (typeof shards)[0]]
let queue: TestQueue
beforeAll(async () => {
  queue = await startQueue(shards)
})
afterAll(() => queue.stop())

/** A worker of the lane `fast` of the first shard that ends each lot at once. */
async function work() {
  const runs: LotRun[] = []
  const worker = new LotWorker(queue.redis, {
    ...{ shard: first, lane: 'fast', concurrency: 1, onError: () => {} },
    giveBack: async () => {},
    process: async (run) => {
      runs.push(run)
      await workOff(queue.redis, run)
      return { done: true }
    },
  })
  await worker.ready()
  return {
    lots: () => runs.map(({ lot }) => lot),
    [Symbol.asyncDispose]: () => worker.drain(1_000),
  }
}

test('what is handed in while a lane is paused waits through restarts of all, and then goes in its order', async () => {
  const { redis, queues } = queue
  const operator = newTenant()
  const place = newTenant()
  await pauseLane(queue, operator, 'fast')
  const tickets = []
  for (const priority of [7, 3, 0]) {
    const { ticket } = await create(redis, place, 1, priority)
    await queues.add(ticket)
    tickets.push(ticket)
  }
  {
    await using paused = await work()
    await delay(300)
    expect(paused.lots()).toEqual([])
    // The sweep finds nothing to add, and adding changes nothing.
    const all = { offset: 0, limit: 500, leastAge: 0 }
    expect((await findLostLots(redis, first, all)).tickets).toEqual([])
    for (const ticket of tickets) await queues.add(ticket)
    await delay(100)
    expect(paused.lots()).toEqual([])
  }
  // As another process has it, after a start.
  const others = new LotQueues(redis, shards, () => {})
  expect([await others.isPaused('fast'), await others.isPaused('slow')]).toEqual([true, false])
  expect(await others.load(first, 'fast')).toEqual({ waiting: 3, active: 0 })
  await using resumed = await work()
  await resumeLane({ redis, queues: others }, operator, 'fast')
  await others.close()
  const [seventh, third, single] = tickets.map(({ lot }) => lot)
  await vi.waitFor(() => expect(resumed.lots()).toEqual([single, third, seventh]), 5_000)
  expect(await readRequest(redis, place, '3')).toMatchObject({ state: 'ready' })
  const { entries } = await readAudit(redis, operator, { limit: 10 })
  expect(entries.map(({ action, ids, outcome }) => [action, ids, outcome])).toEqual([
    ['lane.resume', ['fast'], 'done'],
    ['lane.pause', ['fast'], 'done'],
  ])
})

test('a pause is of every shard, and a lane is paused where one is', async () => {
  const { queues } = queue
  const paused = async () => [
    await queues.isPaused('slow', first),
    await queues.isPaused('slow', second),
    await queues.isPaused('slow'),
  ]
  await queues.pause('slow')
  expect(await paused()).toEqual([true, true, true])
  await queues
    .each()
    .find(({ shard, lane }) => shard === first && lane === 'slow')
    ?.queue.resume()
  expect(await paused()).toEqual([false, true, true])
  await queues.resume('slow')
  expect(await paused()).toEqual([false, false, false])
})

test('who asks how long it takes is told to come back in about a minute', async () => {
  const { redis, queues } = queue
  const before = await estimateWait(redis, queues, second, 'slow')
  await queues.pause('slow')
  const told = await Promise.all(
    Array.from({ length: 20 }, () => estimateWait(redis, queues, second, 'slow')),
  )
  await queues.resume('slow')
  expect(before).toBeLessThan(5)
  expect(Math.min(...told)).toBeGreaterThanOrEqual(45)
  expect(Math.max(...told)).toBeLessThanOrEqual(60)
  expect(new Set(told).size).toBeGreaterThan(1)
})

test('nothing is paused where the audit cannot be written', async () => {
  const { redis, queues } = queue
  const operator = newTenant()
  await redis.config('SET', 'maxmemory', '1')
  await expect(pauseLane(queue, operator, 'slow')).rejects.toThrow(/OOM/)
  await redis.config('SET', 'maxmemory', '0')
  expect(await queues.isPaused('slow')).toBe(false)
})
