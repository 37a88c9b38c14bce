/**
 * Seals: what lies in the audit's second stream. A seal says which entries it covers and the hash of all up to there, under the
 * audit key, which only workers have; with it lie the records of its entries, so that what does not match can be named.
 */
import type { Redis } from 'ioredis'
import { shardKeys, tenantKeys } from '../keys.ts'
import { takeLease } from '../lease.ts'
import type { TenantPlace } from '../requests.ts'
import { runScript } from '../scripts.ts'
import type { ShardTag } from '../shards.ts'
import type { ChainedEntry } from './chain.ts'

/** A seal as it is stored: its place in the stream, its text, and the records of the entries that it covers, in order. */
export type StoredSeal = { readonly id: string; readonly seal: string; readonly records: Buffer }

export type NewSeal = {
  /** The place of the seal before it, as it was read; undefined for the first. */
  readonly before: string | undefined
  readonly seal: string
  readonly records: Buffer
  /** The last entry that it covers. */
  readonly last: string
  /** The last entry, and the last seal, that are let go. */
  readonly drop?: { readonly entry: string; readonly seal: string } | undefined
}

const leaseMs = 5_000

/** Tenants with entries that no seal covers yet. */
export async function unsealedTenants(redis: Redis, shard: ShardTag): Promise<string[]> {
  return await redis.smembers(shardKeys(shard).auditUnsealed)
}

/**
 * Takes, or keeps, for 5 s the work of sealing a shard; false while another has it. Two who think they have it do no harm:
 * of two seals over the same entries the second is refused.
 */
export const leaseAudit = (redis: Redis, shard: ShardTag, owner: string): Promise<boolean> =>
  takeLease(redis, shardKeys(shard).auditLease, { owner, leaseMs })

export async function readNewestSeal(
  redis: Redis,
  { tenant, shard }: TenantPlace,
): Promise<StoredSeal | undefined> {
  const { auditSeals } = tenantKeys(shard, tenant)
  const found = await redis.xrevrangeBuffer(auditSeals, '+', '-', 'COUNT', 1)
  return found.map(parseSeal)[0]
}

/** Seals after one ('0-0' for all), oldest first. */
export async function readSeals(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<StoredSeal[]> {
  const { auditSeals } = tenantKeys(shard, tenant)
  const found = await redis.xrangeBuffer(auditSeals, `(${after}`, '+', 'COUNT', limit)
  return found.map(parseSeal)
}

/** The newest seals before one ('+' for all) that were stored up to then, newest first. */
export async function readSealsBefore(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<StoredSeal[]> {
  const { auditSeals } = tenantKeys(shard, tenant)
  const end = before === '+' ? before : `(${before}`
  const found = await redis.xrevrangeBuffer(auditSeals, end, '-', 'COUNT', limit)
  return found.map(parseSeal)
}

/** Entries after one, oldest first, as the chain is made over them: text would hide octets that are none. */
export async function readChainedEntries(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<ChainedEntry[]> {
  const { audit } = tenantKeys(shard, tenant)
  const found = await redis.xrangeBuffer(audit, `(${after}`, '+', 'COUNT', limit)
  return found.map(([id, fields]) => ({ id: id.toString(), fields }))
}

/** Stores a seal; false, and nothing is done, where another was stored meanwhile. */
export async function storeSeal(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  { before = '0-0', seal, records, last, drop }: NewSeal,
): Promise<boolean> {
  const values = [tenant, before, seal, records, last, drop?.entry ?? '', drop?.seal ?? '']
  return (await runScript(redis, shard, 'seal-audit', values)) === 1
}

function parseSeal([id, fields]: [id: Buffer, fields: Buffer[]]): StoredSeal {
  const fieldOf = (name: string) => {
    const at = fields.findIndex((field, i) => i % 2 === 0 && field.toString() === name)
    return at < 0 ? Buffer.alloc(0) : (fields[at + 1] ?? Buffer.alloc(0))
  }
  return { id: id.toString(), seal: fieldOf('seal').toString(), records: fieldOf('records') }
}
