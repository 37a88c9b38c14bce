/** What an error of Redis or of the connection to it means for the one who asked. */
export type RedisTrouble = 'away' | 'full'

const away =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|UNKILLABLE|BUSY)\b|enableOfflineQueue|Connection is closed|aborted due to connection close|Command timed out|max retries per request|\b(ECONN\w+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)\b/i

/** Whether an error comes from Redis being away (it passes by itself) or full; undefined for all other errors. */
export function redisTrouble(error: unknown): RedisTrouble | undefined {
  if (!(error instanceof Error)) return undefined
  // Of a transaction that was refused Redis says no more than that; why it refused its commands ioredis keeps beside.
  const causes = 'previousErrors' in error ? (error.previousErrors as unknown[]) : []
  if (causes.length > 0) return redisTrouble(causes[0])
  if (/^OOM\b/.test(error.message)) return 'full'
  return away.test(error.message) ? 'away' : undefined
}
