import type { EmbeddedRedis } from './embedded-redis.ts'
import { EmbeddedRedisError } from './embedded-redis-error.ts'

/**
 * The Redis that somebody else runs: used as it is.
 *
 * @throws EmbeddedRedisError `invalid_redis_url`; the message repeats nothing of the URL, which may
 * hold a password
 */
export function givenRedis(redisUrl: string): EmbeddedRedis {
  const protocol = URL.parse(redisUrl)?.protocol
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    const message =
      'REDIS_URL is no Redis address. Set it to redis://[user:password@]host[:port], or rediss:// for TLS, or leave it unset to have a Redis started.'
    throw new EmbeddedRedisError(message, { code: 'invalid_redis_url' })
  }
  const stop = () => Promise.resolve()
  return {
    url: redisUrl,
    source: { way: 'url', version: undefined, text: 'the Redis of REDIS_URL' },
    pid: undefined,
    exited: new Promise(() => undefined),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
