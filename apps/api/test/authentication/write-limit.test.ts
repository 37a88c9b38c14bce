import type { Socket } from 'node:net'
import { installationKeys } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromAuthorization } from '../../src/authentication/credentials.ts'
import { WriteLimit } from '../../src/authentication/write-limit.ts'
import { authorization, password, startApi, type TestApi } from '../start-api.ts'

leakGuard()

let api: TestApi
let other: TestApi
beforeAll(async () => {
  api = await startApi({ writesPerMinute: 3 })
  other = await startApi({ redisUrl: api.redisUrl, writesPerMinute: 3 })
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await api[Symbol.asyncDispose]()
})

const write = (process: TestApi, authorization: string) =>
  process.call('/certificateSigningRequest/99', { method: 'DELETE', headers: { authorization } })

test('a principal writes so often a minute in all processes together, and reads as often as it likes', async () => {
  const [one, another] = [await api.bearer(['read', 'submit']), await api.bearer(['submit'])]
  for (const process of [api, other, api]) expect((await write(process, one)).status).toBe(404)
  const refused = await write(other, one)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(55)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  expect((await write(api, another)).status).toBe(404)
  const read = await api.call('/certificatePolicy', { headers: { authorization: one } })
  expect(read.status).toBe(200)
})

test('what is left and when it is new is handed to the dialects', async () => {
  const key = (await api.bearer(['submit'])).slice('Bearer '.length)
  const init = { method: 'DELETE', headers: { authorization: '', 'fastly-key': key } }
  const left: number[] = []
  for (let i = 0; i < 4; i++) {
    const { headers } = await api.call('/tls/private_keys/1', init)
    left.push(Number(headers.get('fastly-ratelimit-remaining')))
    const reset = Number(headers.get('fastly-ratelimit-reset'))
    // Once it has been refused there is no more to say.
    if (i < 3) expect(reset - Date.now() / 1_000).toBeLessThanOrEqual(61)
  }
  expect(left.slice(0, 3)).toEqual([2, 1, 0])
})

test('what is left is told by the RateLimit headers, errors included; of account and tenant by the one with less', async () => {
  await using tight = await startApi({ writesPerMinute: 2, tenantWritesPerMinute: 3 })
  const [one, another] = [await tight.bearer(['submit']), await tight.bearer(['submit'])]
  const told = async (path: string, authorization: string) => {
    const { headers } = await tight.call(path, { method: 'DELETE', headers: { authorization } })
    return [headers.get('ratelimit'), headers.get('ratelimit-policy')]
  }
  const policies = { default: '"default";q=2;w=60', tenant: '"tenant";q=3;w=60' }
  const left = (name: keyof typeof policies, r: number) => [
    expect.stringMatching(new RegExp(`^"${name}";r=${r};t=(60|5\\d)$`)),
    policies[name],
  ]
  expect(await told('/v1/requests/99', one)).toEqual(left('default', 1))
  expect(await told('/certificateSigningRequest/99', one)).toEqual(left('default', 0))
  expect(await told('/v1/requests/99', one)).toEqual(left('default', 0))
  expect(await told('/v1/requests/99', another)).toEqual(left('tenant', 0))
  expect(await told('/tls/private_keys/99', another)).toEqual([null, null])
  const read = await tight.call('/certificatePolicy', { headers: { authorization } })
  expect(read.headers.get('ratelimit')).toBeNull()
})

test('account and tenant are counted in one round trip', async () => {
  const limit = new WriteLimit(api.redis, { ofPrincipal: 9, ofTenant: 9 })
  const credentials = fromAuthorization(await api.bearer(['submit']))
  const caller = await api.services.authenticator.authenticate(credentials, '')
  // From here on Redis has the script.
  await limit.count(caller)
  const { stream } = api.redis as unknown as { stream: Socket }
  const before = stream.bytesWritten
  const counting = limit.count(caller)
  await new Promise(setImmediate)
  const sentAtOnce = stream.bytesWritten - before
  await counting
  expect(sentAtOnce).toBeGreaterThan(0)
  expect(stream.bytesWritten - before).toBe(sentAtOnce)
})

test('a minute later it is all new, and a full Redis hinders nobody from making room', async () => {
  const one = await api.bearer(['submit'])
  await api.redis.config('SET', 'maxmemory', '1')
  try {
    expect((await write(api, one)).status).toBe(404)
  } finally {
    await api.redis.config('SET', 'maxmemory', '1gb')
  }
  for (const key of await api.redis.keys(`${installationKeys.writes}:*`)) {
    expect(await api.redis.ttl(key)).toBeLessThanOrEqual(60)
    await api.redis.del(key)
  }
  for (let i = 0; i < 3; i++) expect((await write(api, one)).status).toBe(404)
})

test('a tenant writes so often a minute, however many tokens it makes; what is refused to one of them takes nothing from the others', async () => {
  await using tight = await startApi({ writesPerMinute: 3, tenantWritesPerMinute: 5 })
  const [one, another, third] = [
    await tight.bearer(['submit']),
    await tight.bearer(['submit']),
    await tight.bearer(['submit']),
  ]
  const statuses = async (times: number, authorization: string) => {
    const all: number[] = []
    for (let i = 0; i < times; i++) all.push((await write(tight, authorization)).status)
    return all
  }
  expect(await statuses(6, one)).toEqual([404, 404, 404, 429, 429, 429])
  expect(await statuses(3, another)).toEqual([404, 404, 429])
  const refused = await write(tight, third)
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('5 times a minute, together')
})

test('a session counts as a change of him who logs in', async () => {
  await api.user('sessions', ['read'])
  const body = JSON.stringify({ UserId: 'sessions', password })
  const headers = { authorization: '', 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body }
  for (let i = 0; i < 3; i++) expect((await api.call('/sessions', init)).status).toBe(200)
  expect((await api.call('/sessions', init)).status).toBe(429)
})
