import { accountsChannel } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorization, password, startApi, type TestApi } from '../start-api.ts'

leakGuard()

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api[Symbol.asyncDispose]())

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
    api.subscriber.disconnect(true)
    await expect.poll(() => api.subscriber.status, { interval: 1 }).not.toBe('ready')
    for (let i = 0; i < 3; i++) expect((await api.call(path)).status).toBe(200)
    expect(api.subscriber.status).not.toBe('ready')
    expect((await commandsOf(api)) - before).toBeGreaterThanOrEqual(9)
    await expect.poll(() => api.subscriber.status).toBe('ready')
  })

  test('keeps him from waiting behind a flood of wrong ones, of which the most are turned away', async () => {
    const guess = (i: number) =>
      api.call(path, { headers: { authorization: `Basic ${btoa(`x${i}:guessed`)}` } })
    const flood = Promise.all(Array.from({ length: 200 }, (_, i) => guess(i)))
    const started = performance.now()
    expect((await api.call(path)).status).toBe(200)
    expect(performance.now() - started).toBeLessThan(1_000)
    const answers = await flood
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(36)
    expect(statuses.filter((status) => status === 429)).toHaveLength(164)
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('5')
  })
})

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
  await expect.poll(() => heard).toEqual(['told'])
  expect(name).toContain('Basic')
  listener.disconnect()
})
