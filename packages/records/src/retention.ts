/**
 * Retention: requests and batches that were settled so long ago are removed.
 *
 * Rules: nothing that is queued goes, and a batch goes whole. A key goes only with the request that it was made for, and never
 * while another request uses it; whether it goes before anybody has it is the setting's. Each script is a step of a few
 * milliseconds, and how far it came is in Redis: whoever dies, the next one goes on. Two at once do no harm.
 */
import type { Redis } from 'ioredis'
import { actorText, retentionActor } from './audit/actor.ts'
import { shardKeys } from './keys.ts'
import { takeLease } from './lease.ts'
import type { TenantPlace } from './requests.ts'
import { runScript, textList } from './scripts.ts'
import type { ShardTag } from './shards.ts'

export type Retention = {
  /** How long ago it was settled, in days of 24 hours. */
  readonly days: number
  /** Keys that were made for what is removed and were never exported: kept, or removed too. */
  readonly keys: 'keep' | 'delete'
}

/** What a step has removed. Of batches it is what was begun: `changeBatches` removes their requests. */
export type Expired = {
  readonly requests: number
  readonly keys: number
  readonly batches: number
}

const leaseMs = 15_000
const day = 24 * 60 * 60 * 1_000

/** Takes, or keeps, for 15 s the retention of a shard; false while another has it. */
export const leaseRetention = (redis: Redis, shard: ShardTag, owner: string): Promise<boolean> =>
  takeLease(redis, shardKeys(shard).retentionLease, { owner, leaseMs })

/** Removes what is old enough of a tenant, a step at a time, each at most a few milliseconds of Redis. */
export async function* expire(
  redis: Redis,
  place: TenantPlace,
  retention: Retention,
): AsyncGenerator<Expired, void> {
  for (let from = '0'; from !== 'done'; ) {
    const [next = 'done', batches] = await step(redis, place, retention, ['expire-batches', from])
    from = next
    yield { requests: 0, keys: 0, batches: Number(batches) }
  }
  for (let from = '0'; from !== 'done'; ) {
    const reply = await step(redis, place, retention, ['expire-requests', from])
    const [next = 'done', requests, keys] = reply
    from = next
    yield { requests: Number(requests), keys: Number(keys), batches: 0 }
  }
}

async function step(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { days, keys }: Retention,
  [script, from]: readonly ['expire-batches' | 'expire-requests', string],
): Promise<string[]> {
  const values = [tenant, days * day, keys, actorText(retentionActor), from]
  return textList(await runScript(redis, shard, script, values))
}
