import type { Redis } from 'ioredis'

/** Milliseconds since the epoch, by the clock of Redis: the processes of an installation need not agree on theirs. */
export async function redisTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time()
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
}
