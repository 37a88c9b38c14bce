import type { Redis } from 'ioredis'
import { installationKeys } from './keys.ts'

/** A worker process that has not been heard of for this long (ms) is taken for gone. */
const heardWithin = 15_000

/** Notes that a worker process takes lots now. */
export async function noteWorker(redis: Redis, name: string): Promise<void> {
  await redis.zadd(installationKeys.workers, await redisTime(redis), name)
}

export async function forgetWorker(redis: Redis, name: string): Promise<void> {
  await redis.zrem(installationKeys.workers, name)
}

/** How many worker processes take lots; those that are gone without a word are forgotten. */
export async function countWorkers(redis: Redis): Promise<number> {
  const since = (await redisTime(redis)) - heardWithin
  await redis.zremrangebyscore(installationKeys.workers, '-inf', since)
  return await redis.zcard(installationKeys.workers)
}

async function redisTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time()
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
}
