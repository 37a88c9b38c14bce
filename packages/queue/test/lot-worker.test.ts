import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  giveBackLot,
  type LotRun,
  readRequest,
  type ShardTag,
  shardKeys,
  shardTags,
  startLot,
} from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe, expect, type TestContext, test, vi } from 'vitest'
import { type LotOutcome, LotWorker } from '../src/index.ts'
import { create, marker, newTenant, startQueue, type TestQueue, workOff } from './start-queue.ts'

leakGuard()
const shards = shardTags(16)
let queue: TestQueue
beforeAll(async () => {
  queue = await startQueue(shards)
})
afterAll(() => queue.stop())

/** A shard that no other test of this file uses. */
function ownShard(): ShardTag {
  const shard = shards.pop()
  if (!shard) throw new Error('There are more tests than shards.')
  return shard
}

const done: LotOutcome = { done: true }

/** A worker of the lane `fast`; what it does with a lot is the test's. */
async function work(
  shard: ShardTag,
  process: (run: LotRun) => Promise<LotOutcome>,
  options: { concurrency?: number; giveBack?: (run: LotRun) => Promise<unknown> } = {},
) {
  const errors: Error[] = []
  const worker = new LotWorker(queue.redis, {
    shard,
    lane: 'fast',
    concurrency: 1,
    giveBack: (run) => giveBackLot(queue.redis, run, 'drain'),
    ...options,
    process,
    onError: (error) => errors.push(error),
  })
  await worker.ready()
  return { worker, errors }
}

/** Work that ends when the test says so. */
function heldWork() {
  const taken: LotRun[] = []
  const end = Promise.withResolvers<LotOutcome>()
  const process = async (run: LotRun) => {
    taken.push(run)
    await startLot(queue.redis, run)
    return await end.promise
  }
  return { taken, process, end: () => end.resolve(done) }
}

const waitingJobs = (shard: ShardTag) => queue.redis.lrange(`${shard}:fast:wait`, 0, -1)
const activeJobs = (shard: ShardTag) => queue.redis.lrange(`${shard}:fast:active`, 0, -1)

describe.concurrent('a worker', () => {
  test('takes lots, ends them, and leaves neither jobs nor lots', async () => {
    const shard = ownShard()
    const { redis, queues } = queue
    const place = newTenant(shard)
    const runs: LotRun[] = []
    const { worker, errors } = await work(shard, async (run) => {
      runs.push(run)
      await workOff(redis, run)
      return done
    })
    const lots: string[] = []
    for (let i = 0; i < 3; i++) {
      const { ticket } = await create(redis, place)
      await queues.add(ticket)
      lots.push(ticket.lot)
    }
    await vi.waitFor(
      async () => expect(await queues.load(shard, 'fast')).toEqual({ waiting: 0, active: 0 }),
      10_000,
    )
    await worker.drain(1_000)
    expect(runs.map(({ lot }) => lot)).toEqual(lots)
    expect(new Set(runs.map(({ take }) => take)).size).toBe(3)
    expect(await readRequest(redis, place, '3')).toMatchObject({ state: 'ready' })
    expect(await redis.keys(`${shard}:fast:lot-*`)).toEqual([])
    expect(await redis.keys(`${shard}:lot:*`)).toEqual([])
    expect(await redis.exists(`${shard}:fast:completed`, `${shard}:fast:failed`)).toBe(0)
    expect(errors).toEqual([])
  })

  test('takes lots without a priority first, then those of the lower number', async () => {
    const shard = ownShard()
    const lots: string[] = []
    for (const [lot, priority] of [
      ['1', 9],
      ['2', 3],
      ['3', 9],
      ['4', 0],
    ] as const) {
      await queue.queues.add({ shard, lane: 'fast', lot, priority })
    }
    const { worker } = await work(shard, async ({ lot }) => {
      lots.push(lot)
      return done
    })
    await vi.waitFor(() => expect(lots).toEqual(['4', '2', '1', '3']), 10_000)
    await worker.drain(1_000)
  })

  test('takes a lot again after the rest that was asked for, as a new take', async () => {
    const shard = ownShard()
    const takes: { take: string; at: number }[] = []
    const rests = [300, 0]
    const { worker, errors } = await work(shard, async ({ take }) => {
      takes.push({ take, at: Date.now() })
      const againIn = rests.shift()
      return againIn === undefined ? done : { againIn }
    })
    await queue.queues.add({ shard, lane: 'fast', lot: '1', priority: 0 })
    await vi.waitFor(() => expect(takes).toHaveLength(3), 4_000)
    const [first, second] = takes
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(290)
    expect(new Set(takes.map(({ take }) => take)).size).toBe(3)
    await worker.drain(1_000)
    expect(await queue.redis.keys(`${shard}:fast:lot-*`)).toEqual([])
    expect(errors).toEqual([])
  })

  test('leaves no job behind when the work throws, though it must not', async () => {
    const shard = ownShard()
    let runs = 0
    const { worker } = await work(shard, async () => {
      runs += 1
      throw new Error('a bug')
    })
    await queue.queues.add({ shard, lane: 'fast', lot: '1', priority: 0 })
    await vi.waitFor(() => expect(runs).toBe(1), 10_000)
    await worker.drain(1_000)
    expect(await queue.redis.exists(`${shard}:fast:lot-1`, `${shard}:fast:failed`)).toBe(0)
  })

  test('that drains waits for the lots it has and takes no more', async () => {
    const shard = ownShard()
    const held = heldWork()
    const { worker, errors } = await work(shard, held.process)
    for (const lot of ['1', '2']) {
      await queue.queues.add({ shard, lane: 'fast', lot, priority: 0 })
    }
    await vi.waitFor(() => expect(held.taken).toHaveLength(1), 10_000)
    const drained = worker.drain(4_000)
    await delay(100)
    expect(await activeJobs(shard)).toEqual(['lot-1'])
    held.end()
    await drained
    expect(held.taken.map(({ lot }) => lot)).toEqual(['1'])
    expect(await queue.queues.load(shard, 'fast')).toEqual({ waiting: 1, active: 0 })
    expect(errors).toEqual([])
  })

  test('that drains gives back what takes too long, does not wait for it, and another makes it', async () => {
    const shard = ownShard()
    const { redis, queues } = queue
    const place = newTenant(shard)
    const held = heldWork()
    const { worker, errors } = await work(shard, held.process, { concurrency: 2 })
    for (let i = 0; i < 2; i++) await queues.add((await create(redis, place, 2)).ticket)
    await vi.waitFor(() => expect(held.taken).toHaveLength(2), 10_000)
    const started = Date.now()
    await worker.drain(200)
    expect(Date.now() - started).toBeLessThan(1_500)
    expect((await waitingJobs(shard)).sort()).toEqual(['lot-1', 'lot-2'])
    expect(await queues.load(shard, 'fast')).toEqual({ waiting: 2, active: 0 })
    for (const lot of ['1', '2']) {
      expect(await redis.hget(shardKeys(shard).lot(lot), 'starts')).toBe('0')
    }
    const next = await work(shard, async (run) => {
      await workOff(redis, run)
      return done
    })
    // Both lots, in whatever order they were given back.
    await vi.waitFor(async () => {
      for (const path of ['1', '2', '3', '4']) {
        expect(await readRequest(redis, place, path)).toMatchObject({ state: 'ready' })
      }
    }, 10_000)
    // What ends after all changes nothing any more.
    held.end()
    await next.worker.drain(1_000)
    expect(await queues.load(shard, 'fast')).toEqual({ waiting: 0, active: 0 })
    expect(await redis.keys(`${shard}:fast:lot-*`)).toEqual([])
    expect([...errors, ...next.errors]).toEqual([])
  })

  test('that drains gives back each lot, though another cannot be', async () => {
    const shard = ownShard()
    const held = heldWork()
    const { worker, errors } = await work(shard, held.process, {
      concurrency: 2,
      giveBack: async ({ lot }) => {
        if (lot === '1') throw new Error('not now')
      },
    })
    for (const lot of ['1', '2']) {
      await queue.queues.add({ shard, lane: 'fast', lot, priority: 0 })
    }
    await vi.waitFor(() => expect(held.taken).toHaveLength(2), 10_000)
    await worker.drain(100)
    expect(await waitingJobs(shard)).toContain('lot-2')
    expect(errors.map(({ message }) => message)).toEqual(['not now'])
    held.end()
  })

  test('that is killed has its lots taken by another within ten seconds', async (context) => {
    const shard = ownShard()
    const { redis, queues } = queue
    const place = newTenant(shard)
    const child = killedWorker(context, shard)
    const { ticket } = await create(redis, place)
    await queues.add(ticket)
    const [lot] = await once(child, 'message')
    expect(lot).toBe(ticket.lot)
    const { worker } = await work(shard, async (run) => {
      await workOff(redis, run)
      return done
    })
    child.kill('SIGKILL')
    const killed = Date.now()
    await vi.waitFor(
      async () => expect(await readRequest(redis, place, '1')).toMatchObject({ state: 'ready' }),
      { timeout: 10_000, interval: 100 },
    )
    expect(Date.now() - killed).toBeLessThan(10_000)
    await worker.drain(1_000)
  })

  test('and its queue hold nothing of requests and results, at any time', async () => {
    const shard = ownShard()
    const { redis, queues } = queue
    const place = newTenant(shard)
    const seen: string[] = []
    const outcomes: LotOutcome[] = [{ againIn: 50 }, { againIn: 0 }, done]
    const { worker } = await work(shard, async (run) => {
      const outcome = outcomes.shift() ?? done
      if ('done' in outcome) await workOff(redis, run)
      seen.push(...(await contentOf(shard)))
      return outcome
    })
    const { ticket } = await create(redis, place, 3)
    await queues.add(ticket)
    seen.push(...(await contentOf(shard)))
    await vi.waitFor(() => expect(outcomes).toEqual([]), 10_000)
    await worker.drain(1_000)
    seen.push(...(await contentOf(shard)))
    expect(seen.join()).toContain(`lot-${ticket.lot}`)
    expect(seen.join()).toContain('"returnvalue","{\\"ok\\":true}"')
    for (const secret of [marker, place.tenant]) expect(seen.join()).not.toContain(secret)
  })
})

function killedWorker({ onTestFinished }: TestContext, shard: ShardTag): ChildProcess {
  const script = join(import.meta.dirname, 'killed-worker.ts')
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
  const child = spawn(process.execPath, [script, queue.server.url, shard], { stdio: [...stdio] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

/** Whatever the queue of a lane holds, as text. */
async function contentOf(shard: ShardTag): Promise<string[]> {
  const { redis } = queue
  const readers: Record<string, (name: string) => Promise<unknown>> = {
    string: (name) => redis.get(name),
    hash: (name) => redis.hgetall(name),
    list: (name) => redis.lrange(name, 0, -1),
    set: (name) => redis.smembers(name),
    zset: (name) => redis.zrange(name, '0', '-1'),
    stream: (name) => redis.xrange(name, '-', '+'),
    none: async () => undefined,
  }
  const names = await redis.keys(`${shard}:fast:*`)
  return await Promise.all(
    names.map(async (name) => {
      const read = readers[await redis.type(name)]
      if (!read) throw new Error(`${name} is of a type that is not looked into.`)
      return `${name} ${JSON.stringify(await read(name))}`
    }),
  )
}

test('while Redis is full a worker asks now and then, not as fast as it can, and goes on when there is room', async () => {
  await using queue = await startQueue()
  const { redis } = queue
  const place = newTenant()
  const { ticket } = await create(redis, place)
  await queue.queues.add(ticket)
  await redis.config('SET', 'maxmemory', '1')
  const errors: Error[] = []
  const lots: string[] = []
  const worker = new LotWorker(redis, {
    shard: place.shard,
    lane: 'fast',
    concurrency: 1,
    process: async ({ lot }) => {
      lots.push(lot)
      return { done: true }
    },
    giveBack: async () => {},
    onError: (error) => errors.push(error),
  })
  await delay(3_500)
  expect(errors.length).toBeGreaterThan(0)
  expect(errors.length).toBeLessThan(12)
  await redis.config('SET', 'maxmemory', '0')
  await vi.waitFor(() => expect(lots).toEqual([ticket.lot]), 10_000)
  await worker.drain(1_000)
})
