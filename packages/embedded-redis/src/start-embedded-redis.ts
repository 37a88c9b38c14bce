import { resolve } from 'node:path'
import { type Environment, ownEnvironment } from './config.ts'
import { type DataDirLock, lockDataDir } from './data-dir/owner-lock.ts'
import { endPreviousServer } from './data-dir/previous-server.ts'
import { makeServerFolder, type ServerFolder } from './data-dir/server-folder.ts'
import type { EmbeddedRedis } from './embedded-redis.ts'
import { findServer } from './find/find-server.ts'
import type { RedisSource } from './find/redis-program.ts'
import { givenRedis } from './given-redis.ts'
import { memoryShare } from './run/memory-share.ts'
import type { LocalAddress } from './run/send-inline.ts'
import { type StartedServer, startServer } from './run/start-server.ts'
import { type BeforeShutdown, stopServer } from './run/stop-server.ts'

export interface EmbeddedRedisOptions {
  /** The data folder; made when it is missing. Redis' files go to `redis` in it. */
  readonly dataDir: string
  /** A Redis that runs already: it is used as it is, and nothing is started, locked or stopped. */
  readonly redisUrl?: string | undefined
  /** `maxmemory` in bytes; default: a quarter of the machine's memory, at least 256 MiB. */
  readonly maxMemory?: number | undefined
  /** Cluster mode with all slots on this one server; any client with a redis:// URL can use it. */
  readonly cluster?: boolean | undefined
  /** The URL of a server of this process that has died: the new one takes its port and password. */
  readonly inPlaceOf?: string | undefined
  /** Where fetched servers are kept; default: `csr-foundry/redis` in the user's cache folder. */
  readonly cacheDir?: string | undefined
  /** The variables the search goes by, PATH and HOME first; default: this process's. */
  readonly env?: Environment | undefined
  /** Told about each step in one line, without secrets. */
  readonly log?: ((message: string) => void) | undefined
  /** Runs in `stop()`, before the server ends, for a last write; not when it is dead already. */
  readonly beforeShutdown?: BeforeShutdown | undefined
}

/**
 * Starts a Redis of its own on the data folder, on a private port, and awaits that it serves what
 * the folder holds. It ends with this process, however that ends.
 *
 * The server is the first of: `redisUrl`; redis-server ≥ 7.0 or valkey-server ≥ 7.2 on PATH; on
 * Debian and Ubuntu the distribution's package, fetched without root; a container, where a Docker
 * engine answers.
 *
 * Call it on the main thread: the server ends with the thread that starts it.
 *
 * @example
 * await using redis = await startEmbeddedRedis({ dataDir: '.data', log: console.error })
 * const client = new Redis(redis.url)
 *
 * @throws EmbeddedRedisError
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  if (options.redisUrl !== undefined) return givenRedis(options.redisUrl)
  const { env = ownEnvironment(), cacheDir, log = () => undefined } = options
  const dataDir = resolve(options.dataDir)
  const folder = makeServerFolder(dataDir)
  const lock = lockDataDir(dataDir)
  try {
    await endPreviousServer(folder, log)
    const program = await findServer({ env, cacheDir, log })
    const { maxMemory = memoryShare(), cluster = false } = options
    const address = addressOf(options.inPlaceOf)
    const server = await startServer({ program, folder, maxMemory, cluster, address, log })
    log(`${program.source.text} serves ${folder.path} on port ${server.address.port}`)
    return runningRedis({ server, folder, lock, source: program.source }, options.beforeShutdown)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Those who were connected to a server that died find the new one where the old one was. */
function addressOf(url: string | undefined): LocalAddress | undefined {
  if (url === undefined) return undefined
  const { port, password } = new URL(url)
  return { port: Number(port), password }
}

interface Running {
  readonly server: StartedServer
  readonly folder: ServerFolder
  readonly lock: DataDirLock
  readonly source: RedisSource
}

function runningRedis(running: Running, beforeShutdown?: BeforeShutdown): EmbeddedRedis {
  const { server, folder, lock, source } = running
  const { address, child } = server
  let stopped: Promise<void> | undefined
  const stopOnce = async () => {
    // With Docker what has exited may be the client alone: then the next start has to end the server, and finds it by its
    // configuration.
    const diedByItself = child.hasExited()
    try {
      await stopServer(server, beforeShutdown)
    } finally {
      // In this order: while the lock is free, no configuration may speak of a server that was ended.
      if (!diedByItself) folder.removeConfig()
      lock.release()
    }
  }
  const stop = () => {
    stopped ??= stopOnce()
    return stopped
  }
  return {
    url: `redis://:${address.password}@127.0.0.1:${address.port}`,
    source,
    pid: child.pid,
    exited: child.exited.then((exit) => ({ ...exit, expected: stopped !== undefined })),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
