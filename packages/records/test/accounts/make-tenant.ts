import type { Redis } from 'ioredis'
import { createTenant, roles, type TenantPlace } from '../../src/index.ts'
import { findTenant } from '../../src/tenants.ts'

/** Somebody who may change everything. */
export const operator = { name: 'operator', roles }

/** A tenant whose first user `boss` has the role admin alone, and a password that is none. */
export async function makeTenant(redis: Redis, name: string, shards = 1): Promise<TenantPlace> {
  const administrator = { name: 'boss', password: 'scrypt of nothing', roles: ['admin'] as const }
  await createTenant(redis, shards, { name, administrator })
  const place = await findTenant(redis, name)
  if (!place) throw new Error('The tenant was not made.')
  return place
}
