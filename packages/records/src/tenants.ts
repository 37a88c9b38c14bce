import type { KeyAlgorithmName } from '@csr-foundry/csr'
import type { Redis } from 'ioredis'
import { announceAccountChange } from './accounts/announce-account-change.ts'
import type { ActingPlace } from './audit/actor.ts'
import { audited } from './audit/entries.ts'
import { installationKeys } from './keys.ts'
import type { TenantPlace } from './requests.ts'
import { shardTag } from './shards.ts'

/** The operator's tenant, made at the first start. */
export const defaultTenant = 'default'

/** LXCA's certificate policy: DEFAULT is RSA 2048 with SHA-256, CNSA is RSA 3072 with SHA-384. */
export const lxcaSpecs = ['DEFAULT', 'CNSA'] as const
export type LxcaSpec = (typeof lxcaSpecs)[number]

export type Policy = {
  readonly lxcaSpec: LxcaSpec
  readonly defaultCustody: 'internal' | 'exportable'
  /** The native API's key where a spec names none. */
  readonly defaultKey: KeyAlgorithmName
}

const firstPolicy: Policy = {
  lxcaSpec: 'DEFAULT',
  defaultCustody: 'internal',
  defaultKey: 'ecdsa-p256',
}

/** Makes the tenant `default` in shard 0 where it is not there yet. */
export async function ensureDefaultTenant(redis: Redis): Promise<TenantPlace> {
  await redis.hsetnx(installationKeys.tenant(defaultTenant), 'shard', '0')
  await redis.sadd(installationKeys.tenants, defaultTenant)
  return { tenant: defaultTenant, shard: shardTag(0) }
}

/** Where a tenant's data lies: fixed when the tenant is made, so callers may keep it. Undefined: no such tenant. */
export async function findTenant(redis: Redis, tenant: string): Promise<TenantPlace | undefined> {
  const shard = await redis.hget(installationKeys.tenant(tenant), 'shard')
  return shard === null ? undefined : { tenant, shard: shardTag(Number(shard)) }
}

/** The tenant's policy; what was never set has its first value. */
export async function readPolicy(redis: Redis, tenant: string): Promise<Policy> {
  return toPolicy(await redis.hmget(installationKeys.tenant(tenant), ...policyFields))
}

/** Values of {@link policyFields}. */
export function toPolicy(values: readonly (string | null)[]): Policy {
  const set = Object.keys(firstPolicy).flatMap((name, i) => (values[i] ? [[name, values[i]]] : []))
  return { ...firstPolicy, ...Object.fromEntries(set) }
}

/** Changes what is named and leaves the rest as it is; every process hears of it. */
export async function changePolicy(
  redis: Redis,
  place: ActingPlace,
  change: Partial<Policy>,
): Promise<void> {
  const fields = Object.entries(change).flatMap(([name, value]) => [fieldOf(name), value])
  if (fields.length === 0) return
  const ids = Object.entries(change).map(([name, value]) => `${name}=${value}`)
  const { tenant } = place
  await audited(redis, place, { action: 'policy.change', ids }, async () => {
    await redis.hset(installationKeys.tenant(tenant), ...fields)
    await announceAccountChange(redis, tenant)
  })
}

const fieldOf = (name: string) => `policy:${name}`

/** Fields of a tenant's record. */
export const policyFields: readonly string[] = Object.keys(firstPolicy).map(fieldOf)
