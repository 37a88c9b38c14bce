/** Records that are older than their test. */
import type { Redis } from 'ioredis'
import { expire, type Retention, type TenantPlace, tenantKeys } from '../../src/index.ts'

export const day = 24 * 60 * 60 * 1_000
export const second = 1_000

/** Has these requests made, and settled, so much earlier (ms). */
export async function makeOlder(
  redis: Redis,
  { shard, tenant }: TenantPlace,
  ids: readonly string[],
  by: number,
): Promise<void> {
  const { request } = tenantKeys(shard, tenant)
  for (const id of ids) await setBack(redis, request(id), ['created', 'finished'], by)
}

/** The same of a batch, and of each of its rows. */
export async function makeBatchOlder(
  redis: Redis,
  place: TenantPlace,
  { id, rows }: { readonly id: string; readonly rows: readonly string[] },
  by: number,
): Promise<void> {
  const { batch } = tenantKeys(place.shard, place.tenant)
  await setBack(redis, batch(id), ['created', 'settled'], by)
  await makeOlder(redis, place, rows, by)
}

async function setBack(redis: Redis, key: string, fields: readonly string[], by: number) {
  for (const field of fields) {
    if (await redis.hexists(key, field)) await redis.hincrby(key, field, -by)
  }
}

/** One run over a tenant; gives what it removed, and in how many steps. */
export async function expireAll(
  redis: Redis,
  place: TenantPlace,
  retention: Partial<Retention> = {},
) {
  const removed = { requests: 0, keys: 0, batches: 0, steps: 0 }
  for await (const step of expire(redis, place, { days: 1, keys: 'keep', ...retention })) {
    removed.requests += step.requests
    removed.keys += step.keys
    removed.batches += step.batches
    removed.steps += 1
  }
  return removed
}

export const idsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(first + i))
