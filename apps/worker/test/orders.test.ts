import { setTimeout as delay } from 'node:timers/promises'
import { LotWorker } from '@csr-foundry/queue'
import {
  drainWorker,
  forgetWorker,
  giveBackLot,
  installationKeys,
  resumeWorker,
  setConcurrency,
  setWorkerConcurrency,
} from '@csr-foundry/records'
import { beforeEach, expect, test, vi } from 'vitest'
import { lotsAtOnce, Orders, workerName } from '../src/orders.ts'
import { runLot } from '../src/outcome.ts'
import { p256, place } from './start-worker-context.ts'
import { withWorkerContext } from './with-worker-context.ts'

const worker = withWorkerContext()
// As its presence says it.
beforeEach(() => worker.redis.zadd(installationKeys.workers, Date.now(), workerName))

/** What a worker process is, as far as it obeys. */
async function start() {
  const { redis, context } = worker
  const orders = new Orders({ redis, log: context.log, ...lotsAtOnce(1) })
  await orders.begin()
  const taker = new LotWorker(redis, {
    ...{ shard: place.shard, lane: 'fast', concurrency: orders.concurrency.fast },
    process: (run) => runLot(context, run),
    giveBack: (run) => giveBackLot(redis, run, 'drain'),
    onError: () => {},
  })
  await taker.ready()
  orders.obeyedBy('fast', taker)
  orders.follow()
  const stop = async () => {
    await Promise.all([orders.stop(), taker.drain(1_000)])
  }
  return { orders, [Symbol.asyncDispose]: stop }
}

async function handIn(): Promise<() => Promise<string | null>> {
  const { lot, ids } = await worker.record(p256)
  await worker.context.queues.add({ shard: place.shard, lot, lane: 'fast', priority: 0 })
  return () => worker.redis.hget(`{s10}:t:default:request:${ids[0]}`, 'state')
}

test('a drained worker takes nothing until it is told to go on, and one that starts in its place takes lots', async () => {
  await using first = await start()
  const before = await handIn()
  await expect.poll(() => before()).toBe('ready')
  await drainWorker(worker.redis, place, workerName)
  await vi.waitFor(() => expect(first.orders.draining).toBe(true), 3_000)
  const state = await handIn()
  await delay(1_200)
  expect(await state()).toBe('queued')
  await resumeWorker(worker.redis, place, workerName)
  await vi.waitFor(async () => expect(await state()).toBe('ready'), 3_000)
  await drainWorker(worker.redis, place, workerName)
  await first[Symbol.asyncDispose]()
  // Of the same name, as the first process of a container has it.
  await using second = await start()
  expect(second.orders.draining).toBe(false)
  const again = await handIn()
  await expect.poll(() => again()).toBe('ready')
  expect(worker.logged()).toContain('told by an operator')
})

test('how many lots it takes is what is said to it, or set for all, or its own choice, and no more than it can', async () => {
  const { redis } = worker
  await setConcurrency(redis, place, { fast: 8, slow: 2 })
  await using started = await start()
  const { orders } = started
  expect(orders.concurrency).toEqual({ fast: 8, slow: 2 })
  await setWorkerConcurrency(redis, place, workerName, { fast: 2 })
  await vi.waitFor(() => expect(orders.concurrency).toEqual({ fast: 2, slow: 2 }), 3_000)
  await setConcurrency(redis, place, { fast: null, slow: 64 })
  await setWorkerConcurrency(redis, place, workerName, { fast: null })
  await vi.waitFor(() => expect(orders.concurrency).toEqual({ fast: 4, slow: 2 }), 3_000)
  await setConcurrency(redis, place, { slow: null })
  await vi.waitFor(() => expect(orders.concurrency).toEqual({ fast: 4, slow: 2 }), 3_000)
})

test('who is not there is told nothing', async () => {
  await forgetWorker(worker.redis, workerName)
  const acts = [
    drainWorker(worker.redis, place, workerName),
    resumeWorker(worker.redis, place, workerName),
    setWorkerConcurrency(worker.redis, place, workerName, { fast: 1 }),
  ]
  for (const act of acts) await expect(act).rejects.toMatchObject({ code: 'worker_not_found' })
  expect(await worker.redis.exists(installationKeys.operationsOf(workerName))).toBe(0)
})
