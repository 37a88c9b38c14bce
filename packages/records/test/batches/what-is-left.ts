import type { Redis } from 'ioredis'
import { shardKeys, type TenantPlace, tenantKeys } from '../../src/index.ts'

/** The counts of a tenant that are not zero, the lots of its shard, and all keys that name it but those that always stay. */
export async function whatIsLeft(redis: Redis, { shard, tenant }: TenantPlace) {
  const { counts, audit, nextId } = tenantKeys(shard, tenant)
  const stay = [counts, audit, nextId]
  const all = Object.entries(await redis.hgetall(counts))
  const { laneTags, changingBatches, intakes } = shardKeys(shard)
  return {
    counts: Object.fromEntries(all.filter(([, count]) => count !== '0')),
    lots: [
      ...(await redis.keys('*:lot:*')),
      ...(await redis.keys(laneTags('*'))),
      ...(await redis.keys(changingBatches)),
      ...(await redis.keys(intakes)),
    ],
    keys: (await redis.keys(`${shard}:t:${tenant}:*`)).filter((key) => !stay.includes(key)),
  }
}
