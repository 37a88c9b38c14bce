import type { RedisSource } from './find/redis-program.ts'

/** How the server's process ended. */
export interface RedisExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** False when it died by itself: its owner can serve nobody any more and should end too. */
  readonly expected: boolean
}

/** A Redis to work with: one that was started here, or the one that `redisUrl` names. */
export interface EmbeddedRedis extends AsyncDisposable {
  /** Carries the password: not for logs. */
  readonly url: string
  /** Where the server comes from; fit for logs. */
  readonly source: RedisSource
  /** The process started here (with Docker, its client); undefined with `redisUrl`. */
  readonly pid: number | undefined
  /** Resolves when the server's process has ended, never with `redisUrl`. Never rejects. */
  readonly exited: Promise<RedisExit>
  /**
   * Runs `beforeShutdown`, has Redis flush its append-only file and exit, awaits that, and gives
   * the data folder free. Calling it again gives the same promise. With `redisUrl` it does nothing.
   */
  stop(): Promise<void>
}
