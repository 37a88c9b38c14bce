import type { Redis } from 'ioredis'
import { installationKeys } from '../keys.ts'
import type { TenantPlace } from '../requests.ts'
import { shardTag } from '../shards.ts'

/** A tenant whose principals may log in. */
export type OpenTenant = TenantPlace & {
  /** How many queued requests it may have, where that is said. */
  readonly queuedLimit?: number
}

/** Where an open tenant's data lies; undefined where there is none or it is closed. */
export async function readOpenTenant(
  redis: Redis,
  tenant: string,
): Promise<OpenTenant | undefined> {
  const fields = ['shard', 'closed', 'limit:queuedRequests']
  const [shard, closed, queued] = await redis.hmget(installationKeys.tenant(tenant), ...fields)
  if (!shard || closed) return undefined
  return { tenant, shard: shardTag(Number(shard)), ...(queued && { queuedLimit: Number(queued) }) }
}
