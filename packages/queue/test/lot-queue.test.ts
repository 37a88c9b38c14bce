import { type LotTicket, shardTag } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LotQueues } from '../src/index.ts'
import { startQueue, type TestQueue } from './start-queue.ts'

leakGuard()
const [first, second] = [shardTag(0), shardTag(1)]
let queue: TestQueue
beforeAll(async () => {
  queue = await startQueue([first, second])
})
afterAll(() => queue.stop())

const ticketOf = (lot: string, priority = 0): LotTicket => ({
  shard: first,
  lot,
  lane: 'fast',
  priority,
})

test('a job names its lot and holds nothing else', async () => {
  const { queues, redis } = queue
  await queues.add(ticketOf('7'))
  const job = await redis.hgetall('{s10}:fast:lot-7')
  expect(job).toMatchObject({ name: 'lot', data: '{}' })
  expect(JSON.parse(job.opts ?? '')).toEqual({
    jobId: 'lot-7',
    attempts: 0,
    removeOnComplete: true,
    removeOnFail: true,
  })
})

test('adding a lot twice, at once or later, gives one job', async () => {
  const { queues, redis } = queue
  const before = await queues.load(first, 'slow')
  const ticket: LotTicket = { ...ticketOf('8'), lane: 'slow' }
  await Promise.all([queues.add(ticket), queues.add(ticket)])
  await queues.add({ ...ticket, priority: 5 })
  expect(await queues.load(first, 'slow')).toEqual({ ...before, waiting: before.waiting + 1 })
  expect(await redis.zcard('{s10}:slow:prioritized')).toBe(0)
})

test('load counts the waiting of a lane, prioritized or not, of one shard and lane only', async () => {
  const { queues } = queue
  const lane = { shard: second, lane: 'fast' } as const
  for (const [lot, priority] of [
    ['1', 0],
    ['2', 5],
    ['3', 5],
  ] as const) {
    await queues.add({ ...lane, lot, priority })
  }
  expect(await queues.load(second, 'fast')).toEqual({ waiting: 3, active: 0 })
  expect(await queues.load(second, 'slow')).toEqual({ waiting: 0, active: 0 })
})

test('many are added to their lanes in their order, and adding all of them again adds none', async () => {
  const { queues, redis } = queue
  const lots = Array.from({ length: 250 }, (_, i) => String(1_000 + i))
  const tickets = lots.map((lot, i) => ({
    ...{ shard: first, lot, priority: i + 1 },
    lane: i % 50 === 0 ? ('slow' as const) : ('fast' as const),
  }))
  const loads = async () => [await queues.load(first, 'fast'), await queues.load(first, 'slow')]
  const before = (await loads()).map(({ waiting }) => waiting)
  // The first time it broke half way.
  await queues.addAll(tickets.slice(0, 130))
  await queues.addAll(tickets)
  await queues.addAll(tickets)
  await queues.addAll([])
  const after = (await loads()).map(({ waiting }, i) => waiting - (before[i] ?? 0))
  expect(after).toEqual([245, 5])
  const slow = await redis.zrange('{s10}:slow:prioritized', '0', '-1')
  expect(slow).toEqual(['1000', '1050', '1100', '1150', '1200'].map((lot) => `lot-${lot}`))
  expect(JSON.parse((await redis.hget('{s10}:fast:lot-1001', 'opts')) ?? '')).toEqual({
    ...{ jobId: 'lot-1001', attempts: 0, removeOnComplete: true, removeOnFail: true, priority: 2 },
  })
})

test('a lane or a shard that is not served is refused', async () => {
  const { queues } = queue
  await expect(queues.add({ ...ticketOf('9'), lane: 'medium' as never })).rejects.toThrow(
    RangeError,
  )
  await expect(queues.add({ ...ticketOf('9'), shard: shardTag(2) })).rejects.toThrow(RangeError)
})

test('a job that is being added is added before the lanes are closed', async () => {
  const { redis } = queue
  const leaving = new LotQueues(redis, [first], () => {})
  let isAdded = false
  const adding = leaving.add(ticketOf('77')).then(() => {
    isAdded = true
  })
  await leaving.close()
  expect(isAdded).toBe(true)
  await adding
  expect(await redis.exists('{s10}:fast:lot-77')).toBe(1)
})
