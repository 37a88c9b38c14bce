/** What has failed, by code: of one tenant, or of all for operators, who see path ids and codes alone. */
import type { ErrorCode } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { installationKeys, tenantKeys } from '../keys.ts'
import type { TenantPlace } from '../requests.ts'
import { runScript, textList } from '../scripts.ts'
import { findTenant } from '../tenants.ts'

/** Of one code and one tenant: how many, and the newest path ids. */
export type FailuresOfTenant = {
  readonly tenant: string
  readonly count: number
  readonly newest: readonly string[]
}
export type FailureGroup = {
  readonly code: ErrorCode
  readonly count: number
  readonly tenants: readonly FailuresOfTenant[]
}
/** `failed`: how many there are; `looked`: of how many the groups tell. */
export type Failures = {
  readonly failed: number
  readonly looked: number
  readonly groups: readonly FailureGroup[]
}

/** Redis does nothing else while a script runs: so many requests are about a millisecond. */
export const lookedPerStep = 128
const lookedPerTenant = 2_048
const lookedInAll = 16_384
const newestTold = 10

/** Why the newest 2,048 failed requests of a tenant failed. */
export async function readFailures(redis: Redis, place: TenantPlace): Promise<Failures> {
  const failed = await redis.zcard(tenantKeys(place.shard, place.tenant).failed)
  return groupsOf(failed, [await readOf(redis, place, lookedPerTenant)])
}

/** The same of all tenants, of each the newest, at most 16,384 in all. */
export async function readAllFailures(redis: Redis): Promise<Failures> {
  const tenants = await tenantsWithFailures(redis)
  const failed = tenants.reduce((sum, one) => sum + one.failed, 0)
  const found: Found[] = []
  let left = lookedInAll
  for (const { place } of tenants) {
    const ofTenant = await readOf(redis, place, Math.min(left, lookedPerTenant))
    found.push(ofTenant)
    left -= ofTenant.looked
    if (left <= 0) break
  }
  return groupsOf(failed, found)
}

type Found = { tenant: string; looked: number; byCode: Map<ErrorCode, string[]> }

async function readOf(redis: Redis, { tenant, shard }: TenantPlace, most: number): Promise<Found> {
  const byCode = new Map<ErrorCode, string[]>()
  let looked = 0
  let below = ''
  do {
    const limit = Math.min(lookedPerStep, most - looked)
    const reply = await runScript(redis, shard, 'read-failed', [tenant, below, limit])
    const [goOn = '', ...pairs] = textList(reply)
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      // As toProblem wrote it.
      const code = pairs[i + 1] as ErrorCode
      const ids = byCode.get(code) ?? []
      ids.push(pairs[i] ?? '')
      byCode.set(code, ids)
      looked += 1
    }
    below = goOn
  } while (below !== '' && looked < most)
  return { tenant, looked, byCode }
}

function groupsOf(failed: number, found: readonly Found[]): Failures {
  const groups = new Map<ErrorCode, FailuresOfTenant[]>()
  for (const { tenant, byCode } of found) {
    for (const [code, ids] of byCode) {
      const ofTenant = { tenant, count: ids.length, newest: ids.slice(0, newestTold) }
      groups.set(code, [...(groups.get(code) ?? []), ofTenant])
    }
  }
  const all = [...groups].map(([code, tenants]) => ({
    code,
    count: tenants.reduce((sum, { count }) => sum + count, 0),
    tenants: tenants.toSorted((a, b) => b.count - a.count),
  }))
  const looked = found.reduce((sum, one) => sum + one.looked, 0)
  return { failed, looked, groups: all.toSorted((a, b) => b.count - a.count) }
}

/** In the order of their names, which a retry goes through. */
export async function tenantsWithFailures(
  redis: Redis,
): Promise<{ place: TenantPlace; failed: number }[]> {
  const names = (await redis.smembers(installationKeys.tenants)).toSorted()
  const found = await Promise.all(
    names.map(async (name) => {
      const place = await findTenant(redis, name)
      if (!place) return undefined
      return { place, failed: await redis.zcard(tenantKeys(place.shard, name).failed) }
    }),
  )
  return found.filter((one) => one !== undefined).filter(({ failed }) => failed > 0)
}
