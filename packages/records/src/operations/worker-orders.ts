/**
 * What operators want of worker processes: which take no more lots, and how many lots each works on at the same time.
 *
 * Rules: what is set for all stays until it is set anew. What is said to one process is said to that process: whoever starts
 * later under the same name has not heard it (`forgetOrders`). Workers read it every second and obey.
 */
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { AuditAction } from '../audit/actions.ts'
import type { ActingPlace } from '../audit/actor.ts'
import { audited } from '../audit/entries.ts'
import { installationKeys } from '../keys.ts'
import type { Lane } from '../lane.ts'

/** Lots of a lane at the same time, in one process and of one shard; a lane that is not named has its usual number. */
export type LotsAtOnce = { readonly [lane in Lane]?: number | undefined }

/** What is left out stays; null takes it away. */
export type LotsAtOnceChange = { readonly [lane in Lane]?: number | null | undefined }

export type Orders = { readonly draining: boolean; readonly concurrency: LotsAtOnce }

const lanes = ['fast', 'slow'] as const satisfies readonly Lane[]
/** Renewed whenever its worker reads it, so it outlives its process by this (s), and an outage of Redis that is shorter. */
const keptFor = 86_400

/** What is set for all worker processes. */
export async function readConcurrency(redis: Redis): Promise<LotsAtOnce> {
  return parseConcurrency(await redis.hgetall(installationKeys.operations))
}

/** Sets it for all worker processes, those to come as well; a lane that is not set is each machine's to choose. */
export async function setConcurrency(
  redis: Redis,
  place: ActingPlace,
  change: LotsAtOnceChange,
): Promise<LotsAtOnce> {
  const note = { action: 'concurrency.change', ids: ['all', ...textOf(change)] } as const
  await audited(redis, place, note, () =>
    writeConcurrency(redis, installationKeys.operations, change),
  )
  return await readConcurrency(redis)
}

/**
 * Sets it for one worker process; a lane that is not set has what is set for all.
 *
 * @throws {ServiceError} `worker_not_found`
 */
export async function setWorkerConcurrency(
  redis: Redis,
  place: ActingPlace,
  worker: string,
  change: LotsAtOnceChange,
): Promise<Orders> {
  const note = { action: 'concurrency.change', ids: [worker, ...textOf(change)] } as const
  return await order(redis, place, worker, note, (key) => writeConcurrency(redis, key, change))
}

/**
 * Tells a worker process to end what it has and to take no more lots. It stays, idle, until it is told to go on or is stopped.
 *
 * @throws {ServiceError} `worker_not_found`
 */
export async function drainWorker(
  redis: Redis,
  place: ActingPlace,
  worker: string,
): Promise<Orders> {
  const note = { action: 'worker.drain', ids: [worker] } as const
  return await order(redis, place, worker, note, (key) => redis.hset(key, 'drain', '1'))
}

/**
 * Tells a worker process to take lots again.
 *
 * @throws {ServiceError} `worker_not_found`
 */
export async function resumeWorker(
  redis: Redis,
  place: ActingPlace,
  worker: string,
): Promise<Orders> {
  const note = { action: 'worker.resume', ids: [worker] } as const
  return await order(redis, place, worker, note, (key) => redis.hdel(key, 'drain'))
}

/** What a worker process is to do: what was said to it before what is set for all. Its worker alone reads it, and renews it so. */
export async function readOrders(redis: Redis, worker: string): Promise<Orders> {
  const key = installationKeys.operationsOf(worker)
  const [forAll, own] = await Promise.all([readConcurrency(redis), redis.hgetall(key)])
  if (Object.keys(own).length > 0) await redis.expire(key, keptFor)
  const { draining, concurrency } = parseOrders(own)
  return { draining, concurrency: { ...forAll, ...concurrency } }
}

/** A process that starts is a fresh one, whatever was said to another of its name. */
export async function forgetOrders(redis: Redis, worker: string): Promise<void> {
  await redis.del(installationKeys.operationsOf(worker))
}

type Note = { readonly action: AuditAction; readonly ids: readonly string[] }

async function order(
  redis: Redis,
  place: ActingPlace,
  worker: string,
  note: Note,
  write: (key: string) => Promise<unknown>,
): Promise<Orders> {
  if ((await redis.zscore(installationKeys.workers, worker)) === null) {
    const detail = `There is no worker process ${worker} now.`
    throw new ServiceError('worker_not_found', { detail })
  }
  const key = installationKeys.operationsOf(worker)
  await audited(redis, place, note, async () => {
    await write(key)
    await redis.expire(key, keptFor)
  })
  return parseOrders(await redis.hgetall(key))
}

async function writeConcurrency(redis: Redis, key: string, change: LotsAtOnceChange) {
  for (const lane of lanes) {
    const lots = change[lane]
    if (lots === null) await redis.hdel(key, lane)
    else if (lots !== undefined) await redis.hset(key, lane, lots)
  }
}

const parseOrders = (fields: Readonly<Record<string, string>>): Orders => ({
  draining: fields.drain === '1',
  concurrency: parseConcurrency(fields),
})

function parseConcurrency(fields: Readonly<Record<string, string>>): LotsAtOnce {
  const set = lanes.flatMap((lane) => {
    const lots = Number(fields[lane])
    return Number.isSafeInteger(lots) && lots >= 1 ? [[lane, lots] as const] : []
  })
  return Object.fromEntries(set)
}

const textOf = (change: LotsAtOnceChange) =>
  lanes.flatMap((lane) => (change[lane] === undefined ? [] : [`${lane}=${change[lane] ?? 'none'}`]))
