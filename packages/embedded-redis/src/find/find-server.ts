import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Environment } from '../config.ts'
import { EmbeddedRedisError } from '../embedded-redis-error.ts'
import { debianPackage } from './debian.ts'
import { dockerContainer } from './docker.ts'
import { serverOnPath } from './path.ts'
import type { RedisProgram, Search } from './redis-program.ts'

/** The order in which a server is sought: what is there, what can be fetched, a container. */
const ways: readonly ((search: Search) => Promise<RedisProgram | undefined>)[] = [
  serverOnPath,
  debianPackage,
  dockerContainer,
]

/**
 * Finds a Redis ≥ 7.0 or Valkey ≥ 7.2 that can be run here.
 *
 * @throws EmbeddedRedisError `no_redis_server`, which tells what was passed over and why
 */
export async function findServer(options: {
  readonly env: Environment
  readonly cacheDir: string | undefined
  readonly log: (message: string) => void
}): Promise<RedisProgram> {
  const { env, log, cacheDir = defaultCacheDir(env) } = options
  const reasons: string[] = []
  const passOver = (reason: string) => {
    reasons.push(reason)
    log(`looking for a Redis: ${reason}`)
  }
  for (const way of ways) {
    const program = await way({ env, cacheDir, log, passOver })
    if (program !== undefined) return program
  }
  throw noServer(reasons)
}

function defaultCacheDir(env: Environment): string {
  const cacheHome = env.XDG_CACHE_HOME
  // A relative XDG path is to be ignored, says the XDG base directory specification.
  const base =
    cacheHome !== undefined && isAbsolute(cacheHome)
      ? cacheHome
      : join(env.HOME ?? homedir(), '.cache')
  return join(base, 'csr-foundry', 'redis')
}

function noServer(reasons: readonly string[]): EmbeddedRedisError {
  const passedOver = reasons.map((reason) => `  - ${reason}`).join('\n')
  const message = `No Redis server was found. Do one of these:
  1. install redis-server 7.0 or later (or valkey-server 7.2 or later);
  2. set REDIS_URL to a Redis that runs already;
  3. have a Docker engine running that this user may use.
Passed over:
${passedOver}`
  return new EmbeddedRedisError(message, { code: 'no_redis_server' })
}
