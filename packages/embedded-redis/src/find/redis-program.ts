import type { Environment } from '../config.ts'

/** Where a server comes from. */
export interface RedisSource {
  readonly way: 'url' | 'path' | 'debian' | 'docker'
  /** For example `7.0.15`; undefined where nobody asked: with `redisUrl`. */
  readonly version: string | undefined
  /** One phrase for logs, such as `Redis 7.0.15 at /usr/bin/redis-server`. */
  readonly text: string
}

/** What one start needs of the program. */
export interface RedisRun {
  /** The server's folder on this machine, with `redis.conf` in it. */
  readonly folder: string
  readonly port: number
}

/** A server that was found: how to run it, and how it sees this machine. */
export interface RedisProgram {
  readonly source: RedisSource
  /** Program and arguments that run Redis in the foreground until it ends. */
  command(run: RedisRun): readonly [string, ...string[]]
  /** The whole environment of the process: the server gets none of its owner's secrets. */
  readonly env: Environment
  /** The address it listens on so that 127.0.0.1 of this machine reaches it. */
  readonly bind: string
  /** The folder's path as the server sees it. */
  seenFolder(folder: string): string
}

/** One search: every way is tried with it in turn. */
export interface Search {
  readonly env: Environment
  /** Where fetched servers are kept between runs. */
  readonly cacheDir: string
  readonly log: (message: string) => void
  /** Notes why a server or a way was not taken; it is logged, and told when none is left. */
  readonly passOver: (reason: string) => void
}

/** A program of this machine's, run in place. */
export function localProgram(source: RedisSource, path: string, env: Environment): RedisProgram {
  return {
    source,
    command: ({ folder }) => [path, `${folder}/redis.conf`],
    env: { PATH: env.PATH, LANG: 'C.UTF-8', ...env },
    bind: '127.0.0.1',
    seenFolder: (folder) => folder,
  }
}
