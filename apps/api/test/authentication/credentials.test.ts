import { accountsChannel } from '@csr-foundry/records'
import { describe, expect, test } from 'vitest'
import { authorization, password, type TestApi } from '../start-api.ts'
import { withApi } from '../with-api.ts'

const api = withApi()

const path = '/v1/accounts/self'
const statusOf = async (headers: Record<string, string>) =>
  (await api.call(path, { headers: { authorization: '', ...headers } })).status

describe('who is calling', () => {
  test('is known by Basic, by Bearer and by Fastly-Key alike', async () => {
    const bearer = await api.bearer(['read'])
    const key = bearer.slice('Bearer '.length)
    const self = async (headers: Record<string, string>) =>
      await (await api.call(path, { headers: { authorization: '', ...headers } })).json()
    const token = { tenant: 'default', name: 'token:test', kind: 'token', roles: ['read'] }
    expect(await self({ authorization: bearer })).toEqual(token)
    expect(await self({ authorization: `bearer  ${key}` })).toEqual(token)
    expect(await self({ 'fastly-key': key })).toEqual(token)
    expect(await self({ authorization })).toMatchObject({ name: 'admin', kind: 'user' })
    const bob = await api.user('bob', ['read'])
    expect(await self({ authorization: bob })).toMatchObject({ name: 'bob', roles: ['read'] })
  })

  test.each([
    ['nothing', {}],
    ['an empty token', { 'fastly-key': '' }],
    ['an unknown token', { authorization: `Bearer cf_${'A'.repeat(43)}` }],
    ['a token as a password', { authorization: `Basic ${btoa('admin:cf_')}` }],
    ['an unknown tenant', { authorization: `Basic ${btoa(`admin@acme:${password}`)}` }],
    ['the tenant default by name', { authorization: `Basic ${btoa(`admin@default:${password}`)}` }],
    ['another scheme', { authorization: 'Digest x' }],
    ['a scheme alone', { authorization: 'Basic' }],
    ['no colon', { authorization: `Basic ${btoa('admin')}` }],
    ['two of them, the first right', { authorization: `${authorization}, Digest x` }],
    ['rubbish', { authorization: 'Basic %%%' }],
    ['a session outside LXCA', { cookie: 'JSESSIONID=x' }],
  ])('is nobody with %s', async (_, headers) => {
    expect(await statusOf(headers)).toBe(401)
  })

  test('is told by Authorization where several things are sent', async () => {
    const key = (await api.bearer([])).slice('Bearer '.length)
    expect(await statusOf({ authorization: 'Bearer wrong', 'fastly-key': key })).toBe(401)
  })
})

describe('a password that was right', () => {
  test('costs neither a scrypt nor a round trip while nothing changes', async () => {
    await api.call(path)
    const before = await commandsOf(api)
    for (let i = 0; i < 20; i++) expect((await api.call(path)).status).toBe(200)
    expect(await commandsOf(api)).toBe(before)
  })

  test('is looked at again at each call while the subscription is not live', async () => {
    await api.call(path)
    const before = await commandsOf(api)
    const { options } = api.subscriber
    const { retryStrategy } = options
    // Long enough for the calls, whatever else the machine does.
    options.retryStrategy = () => 2_000
    api.subscriber.disconnect(true)
    await expect.poll(() => api.subscriber.status, { interval: 1 }).not.toBe('ready')
    for (let i = 0; i < 3; i++) expect((await api.call(path)).status).toBe(200)
    expect(api.subscriber.status).not.toBe('ready')
    expect((await commandsOf(api)) - before).toBeGreaterThanOrEqual(9)
    Object.assign(options, { retryStrategy })
    await expect.poll(() => api.subscriber.status, { timeout: 10_000 }).toBe('ready')
  })

  test('is all that one needs while somebody at the same address floods the service with wrong ones', async () => {
    await api.call(path)
    const flood = floodFrom('127.0.0.1')
    expect((await api.call(path)).status).toBe(200)
    const user = { name: 'new', password: 'a long password', roles: [] }
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const made = await api.call('/v1/accounts/users', { ...init, body: JSON.stringify(user) })
    expect(made.status).toBe(201)
    const { statuses, last } = await flood
    expect(statuses.filter((status) => status === 401)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(47)
    expect(last?.headers.get('retry-after')).toBe('5')
  })
})

test('a stranger who never stops with new names keeps nobody elsewhere from logging in', async () => {
  const newcomer = await api.user('newcomer', [])
  let stopped = false
  const stranger = (async () => {
    while (!stopped) await floodFrom('198.51.100.1', 10)
  })()
  const { status } = await api.call(path, { headers: { authorization: newcomer } }, '203.0.113.1')
  stopped = true
  expect(status).toBe(200)
  await stranger
})

let guesses = 0
/** Wrong passwords at once, each of another name. */
async function floodFrom(peer: string, times = 50) {
  const answers = await Promise.all(
    Array.from({ length: times }, () => {
      guesses += 1
      const headers = { authorization: `Basic ${btoa(`x${guesses}:guessed`)}` }
      return api.call(path, { headers }, peer)
    }),
  )
  return { statuses: answers.map(({ status }) => status), last: answers.at(-1) }
}

/** Commands that Redis has run, without those of asking for it and of keeping subscriptions alive. */
async function commandsOf({ redis }: TestApi): Promise<number> {
  const stats = await redis.info('commandstats')
  const counted = [...stats.matchAll(/cmdstat_(hget|hmget|hgetall):calls=(\d+)/g)]
  return counted.reduce((sum, [, , calls]) => sum + Number(calls), 0)
}

test('a change of an account is told on the channel, by name and never by secret', async () => {
  const heard: string[] = []
  const listener = api.redis.duplicate({ enableOfflineQueue: true })
  listener.on('message', (_, message: string) => heard.push(message))
  await listener.subscribe(accountsChannel)
  const name = await api.user('told', [])
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['told'])
  expect(name).toContain('Basic')
  listener.disconnect()
})

test('while Redis is a replica who is known reads on, and a password that was not seen before is 503', async () => {
  const [known, unknown] = [await api.user('seen', ['read']), await api.user('unseen', ['read'])]
  const read = (authorization: string) =>
    api.call('/certificatePolicy', { headers: { authorization } })
  expect((await read(known)).status).toBe(200)
  await api.redis.replicaof('127.0.0.1', '1')
  const answers = [await read(known), await read(unknown)]
  await api.redis.replicaof('NO', 'ONE')
  expect(answers.map(({ status }) => status)).toEqual([200, 503])
  expect(answers[1]?.headers.get('retry-after')).toBe('2')
  expect((await read(unknown)).status).toBe(200)
})
