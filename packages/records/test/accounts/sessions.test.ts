import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  changeTenant,
  changeUser,
  createSession,
  createUser,
  deleteUser,
  endSession,
  installationKeys,
  prolongSession,
  readAccount,
  readSession,
  sessionHash,
} from '../../src/index.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { defaultPlace, makeTenant, operator } from './make-tenant.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords(async (records) => {
  redis = records.redis
  place = await makeTenant(redis, 'acme')
  await createUser(redis, place, { name: 'bob', password: 'x', roles: ['read'] }, operator)
})

async function begin(): Promise<string> {
  const account = await readAccount(redis, 'bob@acme')
  const generation = account?.generation ?? ''
  return sessionHash(await createSession(redis, place, 'bob@acme', generation))
}

test('a session is known by its hash and lasts a day after the last call', async () => {
  const sha256 = await begin()
  expect(await readSession(redis, sha256)).toMatchObject({ principal: { name: 'bob' } })
  const key = installationKeys.session(sha256)
  await redis.expire(key, 10)
  await prolongSession(redis, sha256)
  expect(await redis.ttl(key)).toBeGreaterThan(86_390)
  expect(await readSession(redis, 'f'.repeat(64))).toBeUndefined()
})

test('a session ends by itself alone when its owner ends it', async () => {
  const account = await readAccount(redis, 'bob@acme')
  const id = await createSession(redis, place, 'bob@acme', account?.generation ?? '')
  const other = await begin()
  await endSession(redis, place, id)
  expect(await readSession(redis, sessionHash(id))).toBeUndefined()
  expect(await readSession(redis, other)).toBeDefined()
})

test('a session of one kind is none of another, and is not ended as one', async () => {
  const { generation = '' } = (await readAccount(redis, 'bob@acme')) ?? {}
  for (const [kind, other] of [
    ['lxca', 'console'],
    ['console', 'lxca'],
  ] as const) {
    const id = await createSession(redis, place, 'bob@acme', generation, kind)
    expect(await readSession(redis, sessionHash(id, other))).toBeUndefined()
    await endSession(redis, place, id, other)
    expect(await readSession(redis, sessionHash(id, kind))).toBeDefined()
    await endSession(redis, place, id, kind)
    expect(await readSession(redis, sessionHash(id, kind))).toBeUndefined()
  }
})

test.each([
  ['his password changes', () => changeUser(redis, place, 'bob', { password: 'y' }, operator)],
  ['he is deleted', () => deleteUser(redis, place, 'bob', operator)],
  ['the tenant is closed', () => changeTenant(redis, defaultPlace, 'acme', { closed: true })],
])("a user's sessions end when %s", async (_, change) => {
  const sha256 = await begin()
  await change()
  expect(await readSession(redis, sha256)).toBeUndefined()
  expect(await readAccount(redis, 'boss@acme')).toEqual(
    _ === 'the tenant is closed' ? undefined : expect.anything(),
  )
})

test('a change of roles leaves a session, with the new roles', async () => {
  const sha256 = await begin()
  await changeUser(redis, place, 'bob', { roles: [] }, operator)
  expect(await readSession(redis, sha256)).toMatchObject({ principal: { roles: [] } })
})

test('a user has 100 sessions: the one that was used longest ago goes', async () => {
  const begun: string[] = []
  for (let i = 0; i < 100; i++) {
    begun.push(await begin())
    // Those of one millisecond have no order.
    if (i < 3) await delay(2)
  }
  const [first = '', second = '', third = ''] = begun
  await prolongSession(redis, first)
  // A session that has ended makes room for another.
  await endSession(redis, place, await createSession(redis, place, 'bob@acme', 'x'))
  expect(await readSession(redis, second)).toBeUndefined()
  await begin()
  expect(await readSession(redis, third)).toBeDefined()
  await begin()
  expect(await readSession(redis, third)).toBeUndefined()
  expect(await readSession(redis, first)).toBeDefined()
  expect(await redis.keys('session:*')).toHaveLength(100)
  const list = installationKeys.sessionsOf('bob@acme')
  expect(await redis.zcard(list)).toBe(100)
  expect(await redis.ttl(list)).toBeGreaterThan(86_390)
})
