import { Redis, type RedisOptions } from 'ioredis'
import { chooseWay } from './choose-way.ts'
import type { RedisWay } from './config.ts'
import { embeddedServer } from './embedded-server.ts'
import type { StartRedisOptions, TestServer } from './test-server.ts'

/** A Redis that one test file has for itself. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string
  /** A client of this server, closed by `stop()`; `maxRetriesPerRequest` is null, as workers need it. */
  client(options?: Omit<RedisOptions, 'replyMapping'>): Redis
  /** Closes the clients, ends the server, and removes its data unless `dataDir` was given. */
  stop(): Promise<void>
}

/**
 * Starts a Redis for a test file: in a container (Testcontainers) where a Docker engine answers, else
 * with embedded-redis, which takes less than a tenth of a second. Nothing is shared between files, so
 * that keys, queues and FLUSHALL of one never meet another's.
 *
 * @example
 * const redis = await startRedis()
 * afterAll(() => redis.stop())
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<TestRedis> {
  const server = await starters[await chooseWay()](options)
  const clients: Redis[] = []
  const stop = async () => {
    for (const client of clients.splice(0)) client.disconnect()
    await server.stop()
  }
  return {
    url: server.url,
    client: (clientOptions = {}) => {
      const client = new Redis(server.url, { maxRetriesPerRequest: null, ...clientOptions })
      clients.push(client)
      return client
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

const starters: Record<RedisWay, (options: StartRedisOptions) => Promise<TestServer>> = {
  embedded: embeddedServer,
  // Loaded when it is used: Testcontainers is large.
  testcontainers: async (options) =>
    (await import('./container-server.ts')).containerServer(options),
}
