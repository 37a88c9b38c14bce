import type { Redis } from 'ioredis'
import { installationKeys } from './keys.ts'

/** A worker process that has not been heard of for this long (ms) is taken for gone. */
const heardWithin = 15_000

/** Notes that a worker process takes lots now, and forgets those that went without a word. */
export async function noteWorker(redis: Redis, name: string): Promise<void> {
  const now = await redisTime(redis)
  await redis.zadd(installationKeys.workers, now, name)
  await redis.zremrangebyscore(installationKeys.workers, '-inf', now - heardWithin)
}

export async function forgetWorker(redis: Redis, name: string): Promise<void> {
  await redis.zrem(installationKeys.workers, name)
}

/** How many worker processes take lots. */
export async function countWorkers(redis: Redis): Promise<number> {
  const since = (await redisTime(redis)) - heardWithin
  return await redis.zcount(installationKeys.workers, since, '+inf')
}

async function redisTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time()
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
}
