import type { Redis } from 'ioredis'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  type ActingPlace,
  accountsChannel,
  type ChangedBy,
  changeUser,
  connected,
  connectRedis,
  createTenant,
  createToken,
  createUser,
  deleteToken,
  deleteUser,
  installationKeys,
  listUsers,
  type Role,
  readAccount,
  readUser,
  roles,
  tenantKeys,
} from '../../src/index.ts'
import type { Records } from '../start-records.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { defaultPlace, makeTenant, operator } from './make-tenant.ts'

let redis: Redis
let server: Records['server']
let place: ActingPlace
withEmptyRecords(async (records) => {
  redis = records.redis
  server = records.server
  place = await makeTenant(redis, 'acme')
})

const password = 'scrypt of nothing'
const create = (name: string, held: readonly Role[], by: ChangedBy = operator) =>
  createUser(redis, place, { name, password, roles: held }, by)
const administrator = { name: 'boss', roles: ['admin'] as const }

test('a user is made once, listed by name, and found by his login', async () => {
  const made = await create('bob', ['read'])
  expect(made).toMatchObject({ name: 'bob', login: 'bob@acme', roles: ['read'] })
  await expect(create('bob', ['submit'])).rejects.toMatchObject({ code: 'name_taken' })
  expect(await readUser(redis, place, 'bob')).toEqual(made)
  expect(await readAccount(redis, 'bob@acme')).toMatchObject({
    principal: { tenant: 'acme', name: 'bob', roles: ['read'] },
    place: { tenant: 'acme', shard: place.shard },
    password,
  })
  for (const other of ['bob', 'bob@default', 'bob@other', 'Bob@acme', 'bob@acme@acme', '@acme']) {
    expect(await readAccount(redis, other), other).toBeUndefined()
  }
  // What the second one tried is not left behind.
  expect(await redis.hlen(installationKeys.login('bob@acme'))).toBe(1)
})

test('a list is paged by name, without a hash in it', async () => {
  for (const name of ['c', 'a', 'b']) await create(name, [])
  const first = await listUsers(redis, place, { limit: 2 })
  expect(first.users.map(({ name }) => name)).toEqual(['a', 'b'])
  const rest = await listUsers(redis, place, { limit: 2, after: first.next })
  expect(rest.users.map(({ name }) => name)).toEqual(['boss', 'c'])
  expect(rest.next).toBeUndefined()
  expect(JSON.stringify([first, rest])).not.toContain('scrypt')
})

test('a change of roles counts at once; a new password replaces the old one', async () => {
  await create('bob', ['read'])
  const before = await readAccount(redis, 'bob@acme')
  await changeUser(redis, place, 'bob', { roles: ['submit'] }, administrator)
  const other = await readAccount(redis, 'bob@acme')
  expect(other).toMatchObject({ password, generation: before?.generation })
  expect(other?.principal.roles).toEqual(['submit'])
  await changeUser(redis, place, 'bob', { password: 'another' }, administrator)
  const after = await readAccount(redis, 'bob@acme')
  expect(after?.password).toBe('another')
  expect(after?.generation).not.toBe(before?.generation)
  expect(await redis.hlen(installationKeys.login('bob@acme'))).toBe(1)
  expect(await changeUser(redis, place, 'eve', { roles: [] }, administrator)).toBeUndefined()
})

test('a user who is deleted is gone, and one made by his name later is another', async () => {
  await create('bob', ['read'])
  const account = await redis.hgetall(installationKeys.login('bob@acme'))
  expect(await deleteUser(redis, place, 'bob', administrator)).toBe(true)
  expect(await readAccount(redis, 'bob@acme')).toBeUndefined()
  expect(await redis.exists(installationKeys.login('bob@acme'))).toBe(0)
  expect(await deleteUser(redis, place, 'bob', administrator)).toBe(false)
  // As if whoever deleted him had died before the password was removed.
  await redis.hset(installationKeys.login('bob@acme'), account)
  expect(await readAccount(redis, 'bob@acme')).toBeUndefined()
  await createUser(redis, place, { name: 'bob', password: 'new', roles: [] }, administrator)
  expect(await readAccount(redis, 'bob@acme')).toMatchObject({ password: 'new' })
})

describe('a tenant keeps an administrator', () => {
  test('the last one is neither deleted nor demoted, and can change himself otherwise', async () => {
    const last = { code: 'last_administrator' }
    await expect(deleteUser(redis, place, 'boss', administrator)).rejects.toMatchObject(last)
    const demoted = changeUser(redis, place, 'boss', { roles: ['read'] }, administrator)
    await expect(demoted).rejects.toMatchObject(last)
    await changeUser(redis, place, 'boss', { roles: ['admin', 'read'] }, administrator)
    // And what was tried with a password leaves none behind.
    const both = { roles: [], password: 'another' }
    await expect(changeUser(redis, place, 'boss', both, administrator)).rejects.toMatchObject(last)
    expect(await redis.hlen(installationKeys.login('boss@acme'))).toBe(1)
  })

  test('of two who demote or delete each other at once, one stays', async () => {
    for (let round = 0; round < 20; round++) {
      const name = `second-${round}`
      await create(name, ['admin'])
      const outcomes = await Promise.allSettled([
        round % 2
          ? deleteUser(redis, place, name, administrator)
          : changeUser(redis, place, name, { roles: [] }, administrator),
        changeUser(redis, place, 'boss', { roles: [] }, administrator),
      ])
      const { users } = await listUsers(redis, place, { limit: 100 })
      const left = users.filter(({ roles }) => roles.includes('admin'))
      expect(left, JSON.stringify(outcomes)).toHaveLength(1)
      await changeUser(redis, place, 'boss', { roles: ['admin'] }, administrator)
      await deleteUser(redis, place, name, administrator)
    }
  })
})

test.each(['operate', 'tenants'] as const)(
  'the tenant default keeps a user with the role %s',
  async (role) => {
    place = defaultPlace
    await create('root', roles)
    await create('other', ['admin'])
    // A token is no user.
    await createToken(redis, place, { name: 'ci', roles }, operator)
    const without = roles.filter((one) => one !== role)
    const change = () => changeUser(redis, place, 'root', { roles: without }, operator)
    const code = 'last_administrator'
    await expect(change()).rejects.toMatchObject({ code, message: expect.stringContaining(role) })
    await expect(deleteUser(redis, place, 'root', operator)).rejects.toMatchObject({ code })
    await changeUser(redis, place, 'other', { roles: ['admin', role] }, operator)
    await change()
    await expect(deleteUser(redis, place, 'other', operator)).rejects.toMatchObject({ code })
  },
)

test('every change of the list is told to all processes by the script that makes it', async () => {
  const listener = server.client()
  onTestFinished(() => listener.disconnect())
  const heard: string[] = []
  listener.on('message', (_, name: string) => heard.push(name))
  await listener.subscribe(accountsChannel)
  const told = vi.spyOn(redis, 'publish')
  onTestFinished(() => told.mockRestore())
  await create('bob', ['read'])
  await changeUser(redis, place, 'bob', { roles: [] }, operator)
  await expect(create('bob', [])).rejects.toThrow()
  const { made } = await createToken(redis, place, { name: 'ci', roles: [] }, operator)
  await deleteToken(redis, place, made.id, operator)
  await deleteUser(redis, place, 'bob', operator)
  const token = `token:${made.id}`
  const names = ['bob@acme', 'bob@acme', token, token, 'bob@acme']
  await expect.poll(() => heard).toEqual(names)
  expect(told).not.toHaveBeenCalled()
})

describe('a change whose answer is lost', () => {
  /** A connection on which changes of the list are made, but their answers come too late. */
  async function deafConnection(): Promise<Redis> {
    const deaf = connectRedis(server.url, 'request', { onError: () => {} })
    onTestFinished(() => deaf.disconnect())
    await connected(deaf, 5_000)
    deaf.options.commandTimeout = 100
    const script = 'change-principalBuffer' as keyof Redis
    const real = deaf[script] as (...values: unknown[]) => Promise<unknown>
    const late = async (...values: unknown[]) => {
      await redis.client('PAUSE', 300, 'WRITE')
      return await real.apply(deaf, values)
    }
    return Object.assign(deaf, { [script]: late })
  }
  const lost = { message: 'Command timed out' }
  /** Once all has been done that was sent. */
  async function passwordOf(deaf: Redis, login: string): Promise<string | undefined> {
    deaf.options.commandTimeout = 5_000
    await deaf.set('sent', 'last')
    return (await readAccount(redis, login))?.password
  }

  test('leaves a new password that counts', async () => {
    const deaf = await deafConnection()
    const change = changeUser(deaf, place, 'boss', { password: 'new' }, administrator)
    await expect(change).rejects.toMatchObject(lost)
    expect(await passwordOf(deaf, 'boss@acme')).toBe('new')
  })

  test('leaves a new user and the administrator of a new tenant with their passwords', async () => {
    let deaf = await deafConnection()
    const bob = { name: 'bob', password: 'his', roles: [] }
    await expect(createUser(deaf, place, bob, operator)).rejects.toMatchObject(lost)
    expect(await passwordOf(deaf, 'bob@acme')).toBe('his')
    deaf = await deafConnection()
    const first = { name: 'boss', password: 'hers', roles: ['admin'] as const }
    const made = createTenant(deaf, defaultPlace, 1, { name: 'other', administrator: first })
    await expect(made).rejects.toMatchObject(lost)
    expect(await passwordOf(deaf, 'boss@other')).toBe('hers')
  })
})

describe('an administrator without a role of the installation', () => {
  const weak = { name: 'weak', roles: ['admin'] as const }
  const missing = { code: 'role_missing' }
  beforeEach(() => {
    place = defaultPlace
  })

  test('cannot give it, and can give every role of a tenant', async () => {
    await expect(create('bob', ['operate'], weak)).rejects.toMatchObject(missing)
    await create('bob', ['submit', 'read', 'export', 'audit', 'admin'], weak)
    const change = changeUser(redis, place, 'bob', { roles: ['tenants'] }, weak)
    await expect(change).rejects.toMatchObject(missing)
    const operates = { name: 'operator', roles: ['admin', 'operate'] as const }
    await changeUser(redis, place, 'bob', { roles: ['admin', 'operate'] }, operates)
  })

  test('cannot change, reset or delete who holds it', async () => {
    await create('root', roles)
    await create('other', ['admin'])
    const before = await redis.hgetall(tenantKeys(place.shard, 'default').principals)
    for (const change of [{ roles: ['read'] as const }, { password: 'mine' }]) {
      await expect(changeUser(redis, place, 'root', change, weak)).rejects.toMatchObject(missing)
    }
    await expect(deleteUser(redis, place, 'root', weak)).rejects.toMatchObject(missing)
    expect(await redis.hgetall(tenantKeys(place.shard, 'default').principals)).toEqual(before)
    expect(await redis.hlen(installationKeys.login('root'))).toBe(1)
  })
})
