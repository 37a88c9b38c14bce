/**
 * `invalid_redis_url`: `redisUrl` is no redis:// or rediss:// address.
 * `data_dir_unusable`: the data folder cannot be made or written.
 * `data_dir_in_use`: another process owns the data folder.
 * `previous_server_running`: the Redis of an owner that died does not end.
 * `no_redis_server`: no way led to a server that is new enough.
 * `start_failed`: a server was found, and did not come up.
 * `stop_failed`: the server did not end cleanly and was killed.
 */
export type EmbeddedRedisErrorCode =
  | 'invalid_redis_url'
  | 'data_dir_unusable'
  | 'data_dir_in_use'
  | 'previous_server_running'
  | 'no_redis_server'
  | 'start_failed'
  | 'stop_failed'

/** Every failure of this package. The message says what to do next, and holds no secret. */
export class EmbeddedRedisError extends Error {
  override readonly name = 'EmbeddedRedisError'
  readonly code: EmbeddedRedisErrorCode

  constructor(message: string, options: ErrorOptions & { readonly code: EmbeddedRedisErrorCode }) {
    super(message, options)
    this.code = options.code
  }
}
