import { estimateWait, type Lane } from '@csr-foundry/queue'
import type { RequestRecord, TenantPlace } from '@csr-foundry/records'
import type { Services } from '../../services.ts'

/** Seconds after which asking for a request again makes sense; undefined where it has settled. */
export async function secondsToWait(
  { redis, queues }: Services,
  { shard }: TenantPlace,
  record: RequestRecord,
): Promise<number | undefined> {
  if (record.state !== 'queued') return undefined
  // As submit.ts wrote it.
  return estimateWait(redis, queues, shard, record.lane as Lane)
}
