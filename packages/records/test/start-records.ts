import { type StartRedisOptions, startRedis, type TestRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'
import { connected, connectRedis } from '../src/index.ts'

export type Records = AsyncDisposable & {
  readonly server: TestRedis
  /** A connection with the scripts. */
  readonly redis: Redis
  stop(): Promise<void>
}

/** A Redis and a connection to it that has the scripts. */
export async function startRecords(options: StartRedisOptions = {}): Promise<Records> {
  const server = await startRedis(options)
  const redis = connectRedis(server.url, 'work', { onError: () => {} })
  const stop = async () => {
    redis.disconnect()
    await server.stop()
  }
  try {
    await connected(redis, 5_000)
  } catch (error) {
    await stop()
    throw error
  }
  return { server, redis, stop, [Symbol.asyncDispose]: stop }
}
