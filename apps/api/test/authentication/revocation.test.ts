import {
  changeTenant,
  changeUser,
  createTenant,
  createToken,
  deleteToken,
  deleteUser,
  hashPassword,
  readUser,
  roles,
} from '@csr-foundry/records'
import { Secret } from '@csr-foundry/service'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, defaultPlace as place, startApi, type TestApi } from '../start-api.ts'

leakGuard()

/** Two processes of one installation: accounts are changed by the first, and called with at the second. */
let api: TestApi
let other: TestApi
beforeAll(async () => {
  api = await startApi()
  other = await startApi({ redisUrl: api.redisUrl, holdMs: 20_000 })
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await api[Symbol.asyncDispose]()
})

const by = { name: 'admin', roles }
// A second is promised; all other tests run beside this one, and a password costs 80 ms of a core each time.
const within = 3_000

const statusOf = async (authorization: string, path = '/v1/accounts/self') =>
  (await other.call(path, { headers: { authorization } })).status

/** The ways in which a caller ends, each with the caller that it ends. */
const endings = {
  'a token is deleted': async () => {
    const asked = { name: 'ci', roles: ['read'] as const }
    const { made, token } = await createToken(api.redis, place, asked, by)
    return [`Bearer ${token.reveal()}`, () => deleteToken(api.redis, place, made.id, by)] as const
  },
  'a user is deleted': async () => {
    const authorization = await api.user('ends', ['read'])
    return [authorization, () => deleteUser(api.redis, place, 'ends', by)] as const
  },
  'a password changes': async () => {
    const authorization = await api.user('changes', ['read'])
    const change = { password: await hashPassword(new Secret('another one')) }
    return [authorization, () => changeUser(api.redis, place, 'changes', change, by)] as const
  },
  'the tenant is closed': async () => {
    const stored = await hashPassword(new Secret(password))
    const administrator = { name: 'boss', password: stored, roles }
    await createTenant(api.redis, place, 1, { name: 'acme', administrator })
    const authorization = `Basic ${btoa(`boss@acme:${password}`)}`
    return [authorization, () => changeTenant(api.redis, place, 'acme', { closed: true })] as const
  },
}

describe.each(Object.entries(endings))('when %s', (_, prepare) => {
  test('every process refuses within a second, and calls that are held end with 401', async () => {
    const [authorization, end] = await prepare()
    expect(await statusOf(authorization)).toBe(200)
    const tenant = authorization === `Basic ${btoa(`boss@acme:${password}`)}` ? 'acme' : 'default'
    const path = await queuedPath(tenant, authorization)
    const held = timed(statusOf(authorization, path))
    await expect.poll(() => other.held(), { timeout: 10_000 }).toBe(1)
    await end()
    await expect.poll(() => statusOf(authorization), { timeout: within, interval: 50 }).toBe(401)
    expect((await held).result).toBe(401)
    expect((await held).ms).toBeLessThan(within + 1_000)
    expect(other.held()).toBe(0)
  })
})

test('a held call ends with 403 when the role is taken away, and goes on through other changes', async () => {
  const authorization = await api.user('reader', ['read', 'submit'])
  const path = await queuedPath('default', authorization)
  const held = timed(statusOf(authorization, path))
  await expect.poll(() => other.held(), { timeout: 10_000 }).toBe(1)
  await changeUser(api.redis, place, 'reader', { roles: ['read'] }, by)
  await new Promise((wake) => setTimeout(wake, 200))
  expect(other.held()).toBe(1)
  await changeUser(api.redis, place, 'reader', { roles: ['submit'] }, by)
  expect((await held).result).toBe(403)
})

test('a held call ends with 401 when its token expires, and so do all calls', async () => {
  const asked = { name: 'short', roles, expires: Date.now() + 700 }
  const { token } = await createToken(api.redis, place, asked, by)
  const authorization = `Bearer ${token.reveal()}`
  const path = await queuedPath('default', authorization)
  const { result } = await timed(statusOf(authorization, path))
  expect(result).toBe(401)
  expect(Date.now() - asked.expires).toBeLessThan(within)
  expect(await statusOf(authorization)).toBe(401)
})

test('news that were lost while the subscription was away are made up for when it is back', async () => {
  const authorization = await api.user('unheard', ['read'])
  const path = await queuedPath('default', authorization)
  const held = timed(statusOf(authorization, path))
  await expect.poll(() => other.held(), { timeout: 10_000 }).toBe(1)
  await api.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await deleteUser(api.redis, place, 'unheard', by)
  expect((await held).result).toBe(401)
  expect((await held).ms).toBeLessThan(5_000)
})

describe('a body that is finished after its caller was let in', () => {
  const post = { path: '/v1/requests', method: 'POST', body: '{"subject":{"CN":"late"}}' }
  const remove = { path: '/v1/requests/1', method: 'DELETE', body: '  ' }
  test.each([
    ['of a known length', post, true],
    ['of no known length', post, false],
    ['of no known length, of a call that needs none', remove, false],
  ])(
    '%s, changes nothing once the token is deleted or the role is gone',
    async (_, sent, known) => {
      const newest = await queuedId()
      const asked = { name: 'slow', roles: ['submit'] as const }
      const { made, token } = await createToken(api.redis, place, asked, by)
      const late = await sendLate(sent, `Bearer ${token.reveal()}`, known)
      await deleteToken(api.redis, place, made.id, by)
      expect(await late()).toBe(401)
      const user = await api.user(`slow${made.id}`, ['submit'])
      const lateUser = await sendLate(sent, user, known)
      await changeUser(api.redis, place, `slow${made.id}`, { roles: ['read'] }, by)
      expect(await lateUser()).toBe(403)
      expect(await queuedId()).toBe(newest + 1)
      expect(await statusOf(await api.bearer(['read']), '/v1/requests/1')).toBe(200)
    },
  )
})

const queuedId = async () => Number((await queuedPath('default', '')).split('/').pop())

/** Begins a call of the other process; what is given back ends its body and has its status. */
async function sendLate(
  { path, method, body }: { path: string; method: string; body: string },
  authorization: string,
  lengthKnown: boolean,
) {
  const { readable, writable } = new TransformStream<Uint8Array>()
  const headers = {
    authorization,
    'content-type': 'application/json',
    ...(lengthKnown
      ? { 'content-length': String(body.length) }
      : { 'transfer-encoding': 'chunked' }),
  }
  const init = { method, headers, body: readable, duplex: 'half' }
  const status = other.call(path, init as RequestInit).then((answer) => answer.status)
  const writer = writable.getWriter()
  // Resolves when it is read: the caller has been let in by then.
  await writer.write(new TextEncoder().encode(body.slice(0, -1)))
  return async () => {
    // News of the change need a moment.
    await new Promise((wake) => setTimeout(wake, 100))
    await writer.write(new TextEncoder().encode(body.slice(-1)))
    await writer.close()
    return await status
  }
}

test('a password that is still being made for somebody is given to nobody once the token is deleted', async () => {
  const asked = { name: 'maker', roles: ['admin'] as const }
  const { made, token } = await createToken(api.redis, place, asked, by)
  const bearer = `Bearer ${token.reveal()}`
  const another = await api.bearer(['admin'])
  for (const one of [bearer, another]) expect(await statusOf(one)).toBe(200)
  const make = (name: string, authorization: string) =>
    other.call('/v1/accounts/users', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name, password, roles: [] }),
    })
  // Of one tenant they are made one after the other.
  const calls = [make('first', another), make('second', bearer)]
  await new Promise((wake) => setTimeout(wake, 10))
  await deleteToken(api.redis, place, made.id, by)
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([201, 401])
  expect(await readUser(api.redis, place, 'second')).toBeUndefined()
})

/** The path of a request of a tenant that no worker will ever make. */
async function queuedPath(tenant: string, authorization: string): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    ...(tenant !== 'default' && { authorization }),
  }
  const init = { method: 'POST', headers, body: '{}' }
  const response = await api.call('/certificateSigningRequest', init)
  const answer = (await response.json()) as { response: { path: string } }
  return `/certificateSigningRequest/${answer.response.path}`
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now()
  const result = await work
  return { result, ms: performance.now() - started }
}
