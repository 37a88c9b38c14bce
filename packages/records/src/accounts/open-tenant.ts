import type { Redis } from 'ioredis'
import { installationKeys } from '../keys.ts'
import type { TenantPlace } from '../requests.ts'
import { shardTag } from '../shards.ts'
import { type Policy, policyFields, toPolicy } from '../tenants.ts'

/** A tenant whose principals may log in. */
export type OpenTenant = TenantPlace & {
  /** How many queued requests it may have, where that is said. */
  readonly queuedLimit?: number
  readonly policy: Policy
}

/** Where an open tenant's data lies, and what counts there; undefined where there is none or it is closed. */
export async function readOpenTenant(
  redis: Redis,
  tenant: string,
): Promise<OpenTenant | undefined> {
  const fields = ['shard', 'closed', 'limit:queuedRequests', ...policyFields]
  const values = await redis.hmget(installationKeys.tenant(tenant), ...fields)
  const [shard, closed, queued, ...policy] = values
  if (!shard || closed) return undefined
  return {
    tenant,
    shard: shardTag(Number(shard)),
    ...(queued && { queuedLimit: Number(queued) }),
    policy: toPolicy(policy),
  }
}
