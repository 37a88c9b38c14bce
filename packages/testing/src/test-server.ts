export interface StartRedisOptions {
  /** Cluster mode with all slots on this one server; takes two seconds more. */
  readonly cluster?: boolean
  /** A data folder to start on and to keep, for tests that start again on the same data. */
  readonly dataDir?: string
}

/** A server, however it was started. */
export interface TestServer {
  readonly url: string
  /** Ends it, and removes its data unless `dataDir` was given. */
  stop(): Promise<void>
}
