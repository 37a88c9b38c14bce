import { Secret } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  accountsChannel,
  administratorExists,
  announceAccountChange,
  changePolicy,
  changeUser,
  createUser,
  deleteUser,
  ensureAdministrator,
  findTenant,
  hashPassword,
  installationKeys,
  isPasswordOf,
  readAccount,
  readPolicy,
  roles,
  tenantKeys,
} from '../../src/index.ts'
import { wholeText } from '../snapshot.ts'
import type { Records } from '../start-records.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { defaultPlace } from './make-tenant.ts'

const findPrincipal = async (redis: Redis, name: string, password: Secret) => {
  const account = await readAccount(redis, name)
  return (await isPasswordOf(account, password)) ? account?.principal : undefined
}

let redis: Redis
let server: Records['server']
withEmptyRecords((records) => {
  redis = records.redis
  server = records.server
})

const password = new Secret('correct horse battery staple')

test('the first start makes the tenant default and an administrator with every role', async () => {
  expect(await administratorExists(redis, 'admin')).toBe(false)
  expect(await findTenant(redis, 'default')).toBeUndefined()
  expect(await ensureAdministrator(redis, 'admin', password)).toBe(true)
  expect(await administratorExists(redis, 'admin')).toBe(true)
  expect(await findPrincipal(redis, 'admin', password)).toEqual({
    tenant: 'default',
    name: 'admin',
    roles: ['submit', 'read', 'export', 'audit', 'admin', 'operate', 'tenants'],
  })
  const { tenant, shard } = defaultPlace
  expect(await findTenant(redis, 'default')).toEqual({ tenant, shard })
  expect(await redis.smembers(installationKeys.tenants)).toEqual(['default'])
})

test('a later start does not touch the password, nor do two first starts at once', async () => {
  const other = new Secret('another')
  const made = await Promise.all(
    [password, other].map((one) => ensureAdministrator(redis, 'admin', one)),
  )
  expect(made.filter(Boolean)).toHaveLength(1)
  const [right, wrong] = made[0] ? [password, other] : [other, password]
  const before = await redis.hgetall(installationKeys.login('admin'))
  expect(await ensureAdministrator(redis, 'admin', wrong)).toBe(false)
  expect(await redis.hgetall(installationKeys.login('admin'))).toEqual(before)
  expect(await findPrincipal(redis, 'admin', right)).toBeDefined()
  expect(await findPrincipal(redis, 'admin', wrong)).toBeUndefined()
})

test('an administrator of release 0.1 logs in with his password, and with a new one', async () => {
  await ensureAdministrator(redis, 'admin', password)
  const login = installationKeys.login('admin')
  const [account = ''] = await redis.hvals(login)
  const stored = JSON.parse(account).password
  // As it was written then.
  await redis.del(login)
  const principal = { tenant: 'default', name: 'admin', roles: ['admin'] }
  await redis.hset(
    tenantKeys(defaultPlace.shard, 'default').principals,
    'user:admin',
    JSON.stringify(principal),
  )
  await redis.hset(login, 'account', JSON.stringify({ ...principal, password: stored, created: 1 }))
  expect(await ensureAdministrator(redis, 'admin', new Secret('another'))).toBe(false)
  expect(await findPrincipal(redis, 'admin', password)).toMatchObject({ roles: ['admin'] })
  const changed = { password: await hashPassword(new Secret('new password')) }
  await changeUser(redis, defaultPlace, 'admin', changed, { name: 'admin', roles: [] })
  expect(await findPrincipal(redis, 'admin', new Secret('new password'))).toBeDefined()
  expect(await findPrincipal(redis, 'admin', password)).toBeUndefined()
  expect(await redis.hlen(login)).toBe(1)
})

test('an administrator whose password was removed by hand is given a new one, and the old one is gone', async () => {
  await ensureAdministrator(redis, 'admin', new Secret('lost'))
  const before = await readAccount(redis, 'admin')
  await redis.del('login:admin')
  expect(await administratorExists(redis, 'admin')).toBe(false)
  expect(await ensureAdministrator(redis, 'admin', password)).toBe(true)
  expect(await findPrincipal(redis, 'admin', password)).toMatchObject({ roles })
  expect(await findPrincipal(redis, 'admin', new Secret('lost'))).toBeUndefined()
  // Sessions and all that was remembered of the old one name its generation.
  expect((await readAccount(redis, 'admin'))?.generation).not.toBe(before?.generation)
})

test('an administrator who was deleted does not come back with the next start', async () => {
  await ensureAdministrator(redis, 'admin', password)
  const stored = await hashPassword(password)
  const by = { name: 'admin', roles }
  await createUser(redis, defaultPlace, { name: 'grace', password: stored, roles }, by)
  await deleteUser(redis, defaultPlace, 'admin', by)
  expect(await administratorExists(redis, 'admin')).toBe(true)
  expect(await ensureAdministrator(redis, 'admin', password)).toBe(false)
  expect(await findPrincipal(redis, 'admin', password)).toBeUndefined()
  expect(await redis.keys('login:*')).toEqual(['login:grace'])
  // Nor does one who was left with other roles have all of them again, with or without a password.
  const reader = { name: 'admin', password: stored, roles: ['read'] as const }
  await createUser(redis, defaultPlace, reader, by)
  await redis.del('login:admin')
  expect(await ensureAdministrator(redis, 'admin', password)).toBe(true)
  expect(await findPrincipal(redis, 'admin', password)).toMatchObject({ roles: ['read'] })
})

test('a wrong password and an unknown name find nobody', async () => {
  await ensureAdministrator(redis, 'admin', password)
  for (const wrong of ['', 'Correct horse battery staple']) {
    expect(await findPrincipal(redis, 'admin', new Secret(wrong))).toBeUndefined()
  }
  expect(await findPrincipal(redis, 'nobody', password)).toBeUndefined()
})

test('Redis holds the password as scrypt and in no other form', async () => {
  await ensureAdministrator(redis, 'admin', password)
  const all = await wholeText(redis)
  expect(all).toContain('scrypt$32768$8$1$')
  const plain = Buffer.from(password.reveal())
  for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const) {
    expect(all).not.toContain(plain.toString(form))
  }
})

test('a change of an account is told to all processes by its name', async () => {
  const listener = server.client()
  const heard: string[] = []
  listener.on('message', (channel: string, name: string) => heard.push(`${channel}: ${name}`))
  await listener.subscribe(accountsChannel)
  await announceAccountChange(redis, 'admin')
  await expect.poll(() => heard).toEqual(['accounts: admin'])
  listener.disconnect()
})

test('a policy has its first values until they are changed, one by one', async () => {
  const first = { lxcaSpec: 'DEFAULT', defaultCustody: 'internal', defaultKey: 'ecdsa-p256' }
  expect(await readPolicy(redis, 'default')).toEqual(first)
  await changePolicy(redis, defaultPlace, { lxcaSpec: 'CNSA' })
  expect(await readPolicy(redis, 'default')).toEqual({ ...first, lxcaSpec: 'CNSA' })
  await changePolicy(redis, defaultPlace, {})
  await changePolicy(redis, defaultPlace, { defaultCustody: 'exportable' })
  expect(await readPolicy(redis, 'default')).toEqual({
    ...first,
    lxcaSpec: 'CNSA',
    defaultCustody: 'exportable',
  })
})
