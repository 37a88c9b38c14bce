import {
  type EmbeddedRedis,
  EmbeddedRedisError,
  startEmbeddedRedis,
} from '@csr-foundry/embedded-redis'
import { markCleanEnd, shardTags } from '@csr-foundry/records'
import { type Logger, SetupError } from '@csr-foundry/service'
import type { Config } from './config.ts'

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
    if (way !== 'url') log.info({ way, version }, 'redis is up')
    redis.exited.then(replace, onLost)
    return redis
  }
  const replace = async ({ code, signal }: { code: number | null; signal: string | null }) => {
    if (stopping) return
    log.error({ code, signal }, 'redis died; starting it again on the same data')
    try {
      const { url } = current
      await current.stop().catch(() => {})
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
      await current.stop()
    },
  }
}
