/** Tenants: made, listed, limited, closed and opened again. Nothing here reads or changes a tenant's data. */
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { ActingPlace } from '../audit/actor.ts'
import { audited } from '../audit/entries.ts'
import { installationKeys } from '../keys.ts'
import { shardTag } from '../shards.ts'
import { defaultTenant } from '../tenants.ts'
import { announceAccountChange } from './announce-account-change.ts'
import { nameTaken } from './principals.ts'
import { createFirstUser, type NewUser } from './users.ts'

/** A tenant as lists show it; times in milliseconds. */
export type Tenant = {
  readonly name: string
  /** Undefined for the tenant `default`, which the first start makes. */
  readonly created: number | undefined
  /** Since when none of its principals may log in. */
  readonly closed: number | undefined
  readonly limits: TenantLimits
}

/** What is undefined is not limited beyond what the installation limits. */
export type TenantLimits = { readonly queuedRequests: number | undefined }

export type NewTenant = {
  readonly name: string
  readonly administrator: NewUser
  readonly limits?: Partial<TenantLimits> | undefined
}

/**
 * Makes a tenant with its first administrator, in that one of the first `shards` shards that has the fewest tenants. A
 * tenant that has nobody yet, because whoever made it died half way, is gone on with.
 *
 * @param place of who makes it: the audit of his tenant tells of it
 * @throws {ServiceError} `name_taken`
 */
export async function createTenant(
  redis: Redis,
  place: ActingPlace,
  shards: number,
  tenant: NewTenant,
): Promise<Tenant> {
  const note = { action: 'tenant.create', ids: [tenant.name] } as const
  return await audited(redis, place, note, () => makeTenant(redis, place, shards, tenant))
}

async function makeTenant(
  redis: Redis,
  { actor }: ActingPlace,
  shards: number,
  { name, administrator, limits = {} }: NewTenant,
): Promise<Tenant> {
  // Made by the first start, which gives it no time.
  if (name === defaultTenant) throw nameTaken('tenant', name)
  const key = installationKeys.tenant(name)
  const emptiest = await emptiestShard(redis, shards)
  await redis.hsetnx(key, 'shard', emptiest)
  await redis.hsetnx(key, 'created', Date.now())
  const shard = shardTag(Number(await redis.hget(key, 'shard')))
  await redis.sadd(installationKeys.tenants, name)
  await createFirstUser(redis, { tenant: name, shard, actor }, administrator)
  const made = await writeTenant(redis, name, { limits })
  if (!made) throw new ServiceError('internal')
  return made
}

async function emptiestShard(redis: Redis, shards: number): Promise<number> {
  const names = await redis.smembers(installationKeys.tenants)
  const taken = await Promise.all(
    names.map((name) => redis.hget(installationKeys.tenant(name), 'shard')),
  )
  const counts = Array.from(
    { length: shards },
    (_, shard) => taken.filter((one) => one === String(shard)).length,
  )
  return counts.indexOf(Math.min(...counts))
}

/** `closed` closes or opens it; a limit that is null is taken away. */
export type TenantChange = {
  readonly closed?: boolean | undefined
  readonly limits?: { readonly queuedRequests?: number | null | undefined } | undefined
}

/**
 * Changes what is named, at once for every process; undefined where there is no such tenant.
 *
 * @param place of who changes it: the audit of his tenant tells of it
 */
export async function changeTenant(
  redis: Redis,
  place: ActingPlace,
  name: string,
  change: TenantChange,
): Promise<Tenant | undefined> {
  if (!(await readTenant(redis, name))) return undefined
  const note = { action: 'tenant.change', ids: [name] } as const
  return await audited(redis, place, note, () => writeTenant(redis, name, change))
}

async function writeTenant(
  redis: Redis,
  name: string,
  { closed, limits = {} }: TenantChange,
): Promise<Tenant | undefined> {
  const key = installationKeys.tenant(name)
  const { queuedRequests } = limits
  if (closed === true) await redis.hsetnx(key, 'closed', Date.now())
  if (closed === false) await redis.hdel(key, 'closed')
  if (queuedRequests === null) await redis.hdel(key, 'limit:queuedRequests')
  else if (queuedRequests !== undefined) {
    await redis.hset(key, 'limit:queuedRequests', queuedRequests)
  }
  await announceAccountChange(redis, name)
  return await readTenant(redis, name)
}

export async function readTenant(redis: Redis, name: string): Promise<Tenant | undefined> {
  const fields = ['shard', 'created', 'closed', 'limit:queuedRequests']
  const values = await redis.hmget(installationKeys.tenant(name), ...fields)
  const [shard, created, closed, queuedRequests] = values.map((value) =>
    value === null ? undefined : Number(value),
  )
  return shard === undefined ? undefined : { name, created, closed, limits: { queuedRequests } }
}

/** Tenants by name; `next` is the name after which the list goes on. */
export async function listTenants(
  redis: Redis,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ tenants: Tenant[]; next?: string }> {
  const names = (await redis.smembers(installationKeys.tenants))
    .filter((name) => after === undefined || name > after)
    .sort()
  const page = names.slice(0, limit)
  const found = await Promise.all(page.map((name) => readTenant(redis, name)))
  const next = names.length > limit ? page.at(-1) : undefined
  const tenants = found.filter((tenant) => tenant !== undefined)
  return { tenants, ...(next !== undefined && { next }) }
}
