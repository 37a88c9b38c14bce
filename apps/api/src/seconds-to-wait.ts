import { estimateWait } from '@csr-foundry/queue'
import { type RequestIn, redisTrouble, type TenantPlace } from '@csr-foundry/records'
import { retryAfterOutage } from './as-service-error.ts'
import type { Services } from './services.ts'

/** Seconds after which asking again for a request that is queued or running makes sense. */
export async function secondsToWait(
  { redis, queues }: Services,
  { shard }: TenantPlace,
  { lane }: RequestIn<'queued'>,
): Promise<number> {
  try {
    return await estimateWait(redis, queues, shard, lane)
  } catch (error) {
    // What is known of the request is told all the same.
    if (redisTrouble(error) !== undefined) return retryAfterOutage
    throw error
  }
}
