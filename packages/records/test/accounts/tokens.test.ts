import { hash } from 'node:crypto'
import { Secret } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  changeUser,
  createToken,
  createUser,
  deleteToken,
  installationKeys,
  listTokens,
  noteTokenUse,
  readToken,
  readTokenStanding,
  recordAdministratorToken,
  roles,
  tenantKeys,
  tokenHash,
} from '../../src/index.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { defaultPlace, makeTenant, operator } from './make-tenant.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords(async (records) => {
  redis = records.redis
  place = await makeTenant(redis, 'acme')
})

const administrator = { name: 'boss', roles: ['admin'] as const }

test('a token has 256 random bits, lies in Redis as its hash alone, and says who bears it', async () => {
  const asked = { name: 'ci', roles: ['submit'] as const }
  const { made, token } = await createToken(redis, place, asked, administrator)
  expect(token.reveal()).toMatch(/^cf_[\w-]{43}$/)
  expect(tokenHash(token)).toBe(hash('sha256', token.reveal()))
  expect(await readTokenStanding(redis, tokenHash(token))).toMatchObject({
    id: made.id,
    principal: { tenant: 'acme', name: 'token:ci', roles: ['submit'] },
    place: { tenant: 'acme', shard: place.shard },
    expires: undefined,
  })
  const { principals } = tenantKeys(place.shard, 'acme')
  const stored = JSON.stringify([
    await redis.hgetall(principals),
    await redis.hgetall(installationKeys.token(tokenHash(token))),
  ])
  expect(stored).toContain(tokenHash(token))
  expect(stored).not.toContain(token.reveal().slice(3))
  expect(JSON.stringify(await listTokens(redis, place, { limit: 9 }))).not.toContain(
    tokenHash(token),
  )
})

test('a token that is deleted counts no more, also when only its entry could be removed', async () => {
  const { made, token } = await createToken(redis, place, { name: 'ci', roles: [] }, administrator)
  await noteTokenUse(redis, place, made.id)
  const key = installationKeys.token(tokenHash(token))
  const left = await redis.hgetall(key)
  expect((await readToken(redis, place, made.id))?.lastUsed).toBeGreaterThan(0)
  expect(await deleteToken(redis, place, made.id, administrator)).toBe(true)
  expect(await redis.exists(key, tenantKeys(place.shard, 'acme').tokenUses)).toBe(0)
  await redis.hset(key, left)
  expect(await readTokenStanding(redis, tokenHash(token))).toBeUndefined()
  expect(await readToken(redis, place, made.id)).toBeUndefined()
  expect(await deleteToken(redis, place, made.id, administrator)).toBe(false)
})

test('a token ends when it expires, and stays in the list', async () => {
  const asked = { name: 'short', roles: [], expires: Date.now() + 100 }
  const { made, token } = await createToken(redis, place, asked, administrator)
  expect(await readTokenStanding(redis, tokenHash(token))).toMatchObject({ expires: asked.expires })
  await expect
    .poll(() => readTokenStanding(redis, tokenHash(token)), { interval: 20 })
    .toBeUndefined()
  expect(Date.now()).toBeGreaterThanOrEqual(asked.expires)
  expect(await readToken(redis, place, made.id)).toEqual(made)
})

test("another tenant's token is neither found nor deleted", async () => {
  const { made, token } = await createToken(redis, place, { name: 'ci', roles: [] }, administrator)
  const other = await makeTenant(redis, 'rival')
  expect(await readToken(redis, other, made.id)).toBeUndefined()
  expect(await deleteToken(redis, other, made.id, operator)).toBe(false)
  expect((await listTokens(redis, other, { limit: 9 })).tokens).toEqual([])
  expect(await readTokenStanding(redis, tokenHash(token))).toBeDefined()
})

test('roles of the installation are given and taken by those alone who hold them', async () => {
  const asked = { name: 'ops', roles: ['operate'] as const }
  const missing = { code: 'role_missing' }
  await expect(createToken(redis, defaultPlace, asked, administrator)).rejects.toMatchObject(
    missing,
  )
  await createUser(redis, defaultPlace, { name: 'a', password: '', roles: ['admin'] }, operator)
  await redis.hset(installationKeys.tenant('default'), 'shard', '0')
  const { made } = await createToken(redis, defaultPlace, asked, operator)
  const deleted = deleteToken(redis, defaultPlace, made.id, administrator)
  await expect(deleted).rejects.toMatchObject(missing)
  expect(await deleteToken(redis, defaultPlace, made.id, operator)).toBe(true)
})

test("the administrator's token is the administrator, is recorded again at each start, and replaced by another", async () => {
  const [one, other] = ['1', '2'].map((digit) => new Secret(digit.repeat(32)))
  if (!one || !other) throw new Error('There are two.')
  for (const name of ['root', 'other']) {
    await createUser(redis, defaultPlace, { name, password: '', roles }, operator)
  }
  for (const _ of [1, 2]) await recordAdministratorToken(redis, 'root', one)
  const principal = { tenant: 'default', name: 'root', roles }
  expect(await readTokenStanding(redis, tokenHash(one))).toMatchObject({ principal })
  const { tokens } = await listTokens(redis, defaultPlace, { limit: 9 })
  expect(tokens).toMatchObject([{ name: 'ADMIN_TOKEN', user: 'root', roles }])
  await Promise.all([1, 2, 3].map(() => recordAdministratorToken(redis, 'root', other)))
  expect(await readTokenStanding(redis, tokenHash(one))).toBeUndefined()
  expect(await redis.exists(installationKeys.token(tokenHash(one)))).toBe(0)
  await changeUser(redis, defaultPlace, 'root', { roles: ['admin'] }, operator)
  expect(await readTokenStanding(redis, tokenHash(other))).toMatchObject({
    principal: { name: 'root', roles: ['admin'] },
  })
})
