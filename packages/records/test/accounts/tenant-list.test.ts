import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  changeTenant,
  createTenant,
  createToken,
  installationKeys,
  listTenants,
  listUsers,
  readAccount,
  readTenant,
  readTokenStanding,
  shardTag,
  tokenHash,
} from '../../src/index.ts'
import { ensureDefaultTenant } from '../../src/tenants.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { defaultPlace, makeTenant, operator } from './make-tenant.ts'

let redis: Redis
withEmptyRecords((records) => {
  redis = records.redis
})

const administrator = { name: 'boss', password: 'x', roles: ['admin'] as const }

test('tenants are spread over the shards, and each begins with its administrator', async () => {
  const shards = []
  for (const name of ['a', 'b', 'c', 'd']) shards.push((await makeTenant(redis, name, 3)).shard)
  expect(shards).toEqual([0, 1, 2, 0].map(shardTag))
  const place = { tenant: 'd', shard: shardTag(0) }
  expect((await listUsers(redis, place, { limit: 9 })).users).toMatchObject([
    { name: 'boss', login: 'boss@d', roles: ['admin'] },
  ])
  const first = await listTenants(redis, { limit: 3 })
  expect(first.tenants.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect((await listTenants(redis, { limit: 3, after: first.next })).tenants).toHaveLength(1)
})

test('a name is given once, also to several who ask at once', async () => {
  const outcomes = await Promise.allSettled(
    ['one', 'two', 'three'].map((name) =>
      createTenant(redis, defaultPlace, 2, {
        name: 'acme',
        administrator: { ...administrator, name },
      }),
    ),
  )
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const again = createTenant(redis, defaultPlace, 2, { name: 'acme', administrator })
  await expect(again).rejects.toMatchObject({ code: 'name_taken' })
  const place = { tenant: 'acme', shard: shardTag(0) }
  expect((await listUsers(redis, place, { limit: 9 })).users).toHaveLength(1)
})

test('the tenant of the first start is not made again, nor changed by the try', async () => {
  await ensureDefaultTenant(redis)
  const before = await readTenant(redis, 'default')
  const again = createTenant(redis, defaultPlace, 2, { name: 'default', administrator })
  await expect(again).rejects.toMatchObject({ code: 'name_taken' })
  expect(await readTenant(redis, 'default')).toEqual(before)
})

test('a tenant that was made half is made whole by the next try', async () => {
  await redis.hset(installationKeys.tenant('acme'), 'shard', '1')
  const limits = { queuedRequests: 7 }
  const made = await createTenant(redis, defaultPlace, 3, { name: 'acme', administrator, limits })
  expect(made).toMatchObject({ name: 'acme', limits })
  expect(await readAccount(redis, 'boss@acme')).toMatchObject({
    place: { tenant: 'acme', shard: shardTag(1), queuedLimit: 7 },
  })
})

test('nobody of a closed tenant counts, and everybody does when it is opened again', async () => {
  const place = await makeTenant(redis, 'acme')
  const { token } = await createToken(redis, place, { name: 'ci', roles: [] }, operator)
  const counts = async () => [
    (await readAccount(redis, 'boss@acme')) !== undefined,
    (await readTokenStanding(redis, tokenHash(token))) !== undefined,
  ]
  expect(await counts()).toEqual([true, true])
  const closed = await changeTenant(redis, defaultPlace, 'acme', { closed: true })
  expect(closed?.closed).toBeGreaterThan(0)
  expect(await changeTenant(redis, defaultPlace, 'acme', { closed: true })).toEqual(closed)
  expect(await counts()).toEqual([false, false])
  expect(
    (await changeTenant(redis, defaultPlace, 'acme', { closed: false }))?.closed,
  ).toBeUndefined()
  expect(await counts()).toEqual([true, true])
})

test('a limit is set, kept by other changes, and taken away; a tenant that never was stays so', async () => {
  await makeTenant(redis, 'acme')
  await changeTenant(redis, defaultPlace, 'acme', { limits: { queuedRequests: 0 } })
  expect(await changeTenant(redis, defaultPlace, 'acme', {})).toMatchObject({
    limits: { queuedRequests: 0 },
  })
  const without = await changeTenant(redis, defaultPlace, 'acme', {
    limits: { queuedRequests: null },
  })
  expect(without?.limits.queuedRequests).toBeUndefined()
  expect(await changeTenant(redis, defaultPlace, 'never', { closed: true })).toBeUndefined()
  expect(await readTenant(redis, 'never')).toBeUndefined()
  expect(await redis.exists(installationKeys.tenant('never'))).toBe(0)
})
