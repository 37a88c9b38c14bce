import { setTimeout as delay } from 'node:timers/promises'
import {
  type EmbeddedRedis,
  EmbeddedRedisError,
  type RedisExit,
  startEmbeddedRedis,
} from '@csr-foundry/embedded-redis'
import {
  connected,
  connectRedis,
  followCleanEnd,
  markCleanEnd,
  shardTags,
} from '@csr-foundry/records'
import { type Logger, SetupError } from '@csr-foundry/service'
import type { Config } from './config.ts'

const restBeforeReplacement = 200
const connectWithin = 10_000

export type RedisServer = { readonly url: string; stop(): Promise<void> }

/** The Redis of this installation; when its server dies, another is started in its place, on the same data and address. */
export async function keepRedis(
  config: Config,
  log: Logger,
  onLost: (error: unknown) => void,
): Promise<RedisServer> {
  let stopping = false
  const start = async (inPlaceOf?: string): Promise<EmbeddedRedis> => {
    const redis = await startEmbeddedRedis({
      dataDir: config.dataDir,
      redisUrl: config.redisUrl,
      maxMemory: config.redisMaxMemory,
      inPlaceOf,
      log: (message) => log.info(message),
      // Everything that writes has ended by then, so the next start need not leave a gap in the ids.
      beforeShutdown: (client) => markCleanEnd(client, shardTags(config.shards)),
    })
    const { way, version } = redis.source
    if (way !== 'url') {
      await follow(redis.url, config)
      log.info({ way, version }, 'redis is up')
    }
    redis.exited.then((exit) => {
      replacing = replace(exit)
    }, onLost)
    return redis
  }
  let replacing = Promise.resolve()
  const replace = async ({ code, signal }: RedisExit) => {
    if (stopping) return
    log.error({ code, signal }, 'redis died; starting it again on the same data')
    try {
      const { url } = current
      await current.stop().catch(() => {})
      // A server that dies again and again must not be all that this machine does.
      await delay(restBeforeReplacement)
      current = await start(url)
    } catch (error) {
      onLost(error)
    }
  }
  let current = await start().catch((cause: unknown) => {
    throw cause instanceof EmbeddedRedisError ? new SetupError(cause.message, { cause }) : cause
  })
  const { url } = current
  return {
    url,
    stop: async () => {
      stopping = true
      await replacing
      await current.stop()
    },
  }
}

/** Before anybody else is connected: the ids of this run go on from those of the one before, if that ended cleanly. */
async function follow(url: string, { shards }: Config): Promise<void> {
  const redis = connectRedis(url, 'request', { onError: () => {} })
  try {
    await connected(redis, connectWithin)
    await followCleanEnd(redis, shardTags(shards))
  } finally {
    redis.disconnect()
  }
}
