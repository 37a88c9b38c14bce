import { installationKeys } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LoginThrottle } from '../../src/authentication/login-throttle.ts'
import { startApi, type TestApi } from '../start-api.ts'

leakGuard()

let api: TestApi
let throttle: LoginThrottle
beforeAll(async () => {
  api = await startApi({ trustedProxies: ['192.0.2.1'] })
  throttle = new LoginThrottle(api.redis)
})
afterAll(() => api[Symbol.asyncDispose]())

const fail = async (times: number, login: string, address: string) => {
  for (let i = 0; i < times; i++) await throttle.failed(login, address)
}
const stopped = { code: 'login_throttled' }
const path = '/v1/accounts/self'
const guess = (login: string, password: string, peer: string, forwarded?: string) =>
  api.call(
    path,
    {
      headers: {
        authorization: `Basic ${btoa(`${login}:${password}`)}`,
        ...(forwarded && { 'x-forwarded-for': forwarded }),
      },
    },
    peer,
  )

test('ten wrong passwords stop the account at that address, and nobody at another', async () => {
  await fail(9, 'ann', '203.0.113.1')
  expect((await guess('ann', 'tenth', '203.0.113.1')).status).toBe(401)
  const refused = await guess('ann', 'eleventh', '203.0.113.1')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  expect((await guess('ann', 'eleventh', '203.0.113.2')).status).toBe(401)
  expect((await guess('bob', 'eleventh', '203.0.113.1')).status).toBe(401)
})

test('a stop counts for the right password too, but not for who has shown it already', async () => {
  const right = await api.user('known', ['read'])
  const ask = (peer: string) => api.call(path, { headers: { authorization: right } }, peer)
  await fail(10, 'known', '203.0.113.1')
  expect((await ask('203.0.113.1')).status).toBe(429)
  expect((await ask('203.0.113.9')).status).toBe(200)
  expect((await ask('203.0.113.1')).status).toBe(200)
})

test('the right password forgets the wrong ones', async () => {
  const right = await api.user('forgetful', [])
  await fail(9, 'forgetful', '203.0.113.1')
  expect((await api.call(path, { headers: { authorization: right } }, '203.0.113.1')).status).toBe(
    200,
  )
  expect(await throttle.check('forgetful', '203.0.113.1')).toBe(0)
})

test('each further stop is twice as long, up to an hour', async () => {
  const lengths: number[] = []
  for (let stop = 0; stop < 8; stop++) {
    await fail(10, 'again', '203.0.113.8')
    const error = await throttle.check('again', '203.0.113.8').catch((thrown) => thrown)
    lengths.push(error.retryAfter)
    const keys = await api.redis.keys(`${installationKeys.loginStopped}:*`)
    for (const key of keys) await api.redis.del(key)
  }
  expect(lengths).toEqual([60, 120, 240, 480, 960, 1_920, 3_600, 3_600])
})

test('a /64 of IPv6 is one address', async () => {
  await fail(10, 'six', '2001:db8::1')
  await expect(throttle.check('six', '2001:db8::ffff:2')).rejects.toMatchObject(stopped)
  expect(await throttle.check('six', '2001:db8:0:1::1')).toBe(0)
})

test('a hundred wrong passwords stop an address, whatever the names; not who has been right there, and nobody elsewhere', async () => {
  const right = await api.user('neighbour', ['read'])
  const ask = (authorization: string, peer: string) =>
    api.call(path, { headers: { authorization } }, peer)
  expect((await ask(right, '203.0.113.5')).status).toBe(200)
  await Promise.all(
    Array.from({ length: 99 }, (_, i) => throttle.failed(`nobody${i}`, '203.0.113.5')),
  )
  expect((await guess('one-more', 'x', '203.0.113.5')).status).toBe(401)
  const refused = await guess('and-another', 'x', '203.0.113.5')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(850)
  expect((await ask(right, '203.0.113.5')).status).toBe(200)
  expect((await guess('and-another', 'x', '203.0.113.6')).status).toBe(401)
})

test('guesses at once are no more than guesses one by one', async () => {
  await fail(8, 'many', '203.0.113.1')
  const guesses = Array.from({ length: 12 }, (_, i) => guess('many', `guess ${i}`, '203.0.113.1'))
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  const wrong = statuses.filter((status) => status === 401)
  expect(wrong).toHaveLength(2)
})

test('a forged X-Forwarded-For changes nothing, and that of a trusted proxy does', async () => {
  await fail(10, 'eve', '203.0.113.1')
  expect((await guess('eve', 'x', '203.0.113.1', '198.51.100.1')).status).toBe(429)
  expect((await guess('eve', 'x', '192.0.2.1', '203.0.113.1')).status).toBe(429)
  expect((await guess('eve', 'y', '192.0.2.1', '198.51.100.1')).status).toBe(401)
})

test('neither names nor addresses nor passwords are in what is stored', async () => {
  await fail(10, 'secretive', '203.0.113.77')
  const keys = await api.redis.keys('login-*')
  expect(keys.length).toBeGreaterThan(0)
  expect(keys.join()).not.toMatch(/secretive|203\.0|eve/)
})

test('wrong passwords are counted when memory is full', async () => {
  await api.redis.config('SET', 'maxmemory', '1')
  try {
    await throttle.failed('full', '203.0.113.1')
    expect(await throttle.check('full', '203.0.113.1')).toBe(1)
  } finally {
    await api.redis.config('SET', 'maxmemory', '1gb')
  }
})
