import { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'
import { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from '../src/index.ts'

/** A client for one test, closed after it. It does not come back when the server goes. */
export function clientOf(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
  client.on('error', () => undefined)
  onTestFinished(() => client.disconnect())
  return client
}

/** A server for one test, stopped after it. */
export async function started(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis(options)
  onTestFinished(() => redis.stop())
  return redis
}
