import type { Redis } from 'ioredis'
import { type ActingPlace, createTenant, findTenant, roles, shardTag } from '../../src/index.ts'
import { actor } from '../make-requests.ts'

/** Somebody who may change everything. */
export const operator = { name: 'operator', roles }

/** The operator's tenant, where he acts. */
export const defaultPlace: ActingPlace = { tenant: 'default', shard: shardTag(0), actor }

/** A tenant whose first user `boss` has the role admin alone, and a password that is none. */
export async function makeTenant(redis: Redis, name: string, shards = 1): Promise<ActingPlace> {
  const administrator = { name: 'boss', password: 'scrypt of nothing', roles: ['admin'] as const }
  await createTenant(redis, defaultPlace, shards, { name, administrator })
  const place = await findTenant(redis, name)
  if (!place) throw new Error('The tenant was not made.')
  return { ...place, actor }
}
