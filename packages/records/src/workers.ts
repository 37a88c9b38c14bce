/**
 * Which worker processes there are, by what each says of itself every two seconds. Who ends says farewell; one that dies is
 * reported by its supervisor; of one that is silent nobody knows whether it will come back, so it stays in the list for a while.
 */
import type { Redis } from 'ioredis'
import { installationKeys } from './keys.ts'
import type { Lane } from './lane.ts'
import { redisTime } from './redis-time.ts'

/** A worker process that has not been heard of for this long (ms) does not count as one that takes lots. */
const heardWithin = 15_000
/** One that is silent or has died is told of for this long (ms). */
const toldOfFor = 600_000

/** What a worker process says of itself. `lots`: how many it works on; `oldestLotMs`: since when on the oldest of them. */
export type WorkerReport = {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly version: string
  readonly lots: number
  readonly concurrency: Readonly<Record<Lane, number>>
  readonly draining: boolean
  readonly oldestLotMs: number
  /** The longest since the report before. */
  readonly eventLoopDelayMs: number
}

/** `lastSeen`: by the clock of Redis, in milliseconds. */
export type SeenWorker = WorkerReport & { readonly lastSeen: number; readonly silentMs: number }

export type DeadWorker = { readonly id: string; readonly diedMs: number }

/** Notes what a worker process says of itself. */
export async function noteWorker(redis: Redis, report: WorkerReport): Promise<void> {
  const now = await redisTime(redis)
  await Promise.all([
    redis.set(installationKeys.worker(report.id), JSON.stringify(report), 'PX', toldOfFor),
    redis.zadd(installationKeys.workers, now, report.id),
    redis.zremrangebyscore(installationKeys.workers, '-inf', now - toldOfFor),
  ])
}

export async function forgetWorker(redis: Redis, id: string): Promise<void> {
  await redis.zrem(installationKeys.workers, id)
  await redis.del(installationKeys.worker(id))
}

/** Notes that a worker process has died, as its supervisor has seen. */
export async function noteWorkerDeath(redis: Redis, id: string): Promise<void> {
  const now = await redisTime(redis)
  await redis.zadd(installationKeys.deadWorkers, now, id)
  await redis.zremrangebyscore(installationKeys.deadWorkers, '-inf', now - toldOfFor)
  await forgetWorker(redis, id)
}

/** How many worker processes take lots. */
export async function countWorkers(redis: Redis): Promise<number> {
  const since = (await redisTime(redis)) - heardWithin
  return await redis.zcount(installationKeys.workers, since, '+inf')
}

/** All worker processes that were heard of within ten minutes and have not said farewell, by id. */
export async function readWorkers(redis: Redis): Promise<SeenWorker[]> {
  const [now, seen] = await Promise.all([
    redisTime(redis),
    redis.zrange(installationKeys.workers, '0', '-1', 'WITHSCORES'),
  ])
  const lastSeen = pairsOf(seen)
  const reports = await Promise.all(
    [...lastSeen.keys()].map((id) => redis.get(installationKeys.worker(id))),
  )
  return reports
    .flatMap((text) => (text === null ? [] : [JSON.parse(text) as WorkerReport]))
    .map((report) => {
      const at = lastSeen.get(report.id) ?? now
      return { ...report, lastSeen: at, silentMs: Math.max(0, now - at) }
    })
    .toSorted((one, other) => one.id.localeCompare(other.id))
}

/** Those that have died within the last ten minutes; `diedMs`: how long ago. */
export async function readDeadWorkers(redis: Redis): Promise<DeadWorker[]> {
  const [now, dead] = await Promise.all([
    redisTime(redis),
    redis.zrange(installationKeys.deadWorkers, '0', '-1', 'WITHSCORES'),
  ])
  return [...pairsOf(dead)]
    .map(([id, at]) => ({ id, diedMs: now - at }))
    .filter(({ diedMs }) => diedMs < toldOfFor)
}

function pairsOf(flat: readonly string[]): Map<string, number> {
  const pairs = new Map<string, number>()
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.set(flat[at] ?? '', Number(flat[at + 1]))
  return pairs
}
