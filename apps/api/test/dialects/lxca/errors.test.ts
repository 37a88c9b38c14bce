/** Every error state that Lenovo's pages name, and those that any API has, each under its own name. */
import { changeTenant, shardTag, tenantKeys } from '@csr-foundry/records'
import { describe, expect, test } from 'vitest'
import { LoginThrottle } from '../../../src/authentication/login-throttle.ts'
import { defaultPlace, type LxcaAnswer, password, startApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'

const api = withApi()

const json = { 'content-type': 'application/json' }
const csr = '/certificateSigningRequest'
const policy = '/certificatePolicy'
const keys = tenantKeys(shardTag(0), 'default')

const send = (method: string, path: string, body: unknown, headers = {}) =>
  api.call(path, { method, headers: { ...json, ...headers }, body: JSON.stringify(body) })

const answerOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as LxcaAnswer),
})

/** The answer is LXCA's failure with this status and message id, and its link leads to the page of errors. */
async function expectFailure(response: Response, status: number, id: string, text = '') {
  expect(response.headers.get('content-type')).toBe('application/json')
  const answer = await answerOf(response)
  expect(answer).toMatchObject({ status, result: 'failure' })
  const message = answer.messages.find((one) => one.text.includes(text))
  expect(message, JSON.stringify(answer.messages)).toMatchObject({
    id,
    recovery: { text: expect.stringMatching(/./), URL: `/docs/errors#${id}` },
    explanation: expect.stringMatching(/./),
  })
}

describe('400, a query parameter is missing', () => {
  test.each([
    ['GET', csr],
    ['DELETE', csr],
  ])('%s %s', async (method, path) => {
    await expectFailure(await api.call(path, { method }), 400, 'CSRF0104E', 'path is missing')
  })
})

describe('400, a query parameter is not valid', () => {
  test.each([
    ['GET', `${csr}?path=x`, 'path must be'],
    ['GET', `${csr}?path=1&details=yes`, 'details must be true or false'],
    ['GET', `${csr}/1?path=1`, 'path is not known here'],
    ['DELETE', `${csr}?path=-1`, 'path must be'],
    ['GET', `${policy}?x=1`, 'x is not known here'],
    ['GET', '/certificateSettings?x=1', 'x is not known here'],
    ['GET', '/tasks?compact=1', 'compact must be true or false'],
    ['GET', '/tasks/1,x', 'path that POST gave'],
    ['GET', '/aicc?x=1', 'x is not known here'],
    ['DELETE', '/sessions?x=1', 'x is not known here'],
  ])('%s %s', async (method, path, text) => {
    await expectFailure(await api.call(path, { method }), 400, 'CSRF0104E', text)
  })
})

const generalNames = (name: unknown) => ({ subjectAlternativeNames: { generalNames: [name] } })

describe('400, an attribute is missing', () => {
  test.each([
    ['POST', csr, { subjectAlternativeNames: {} }, 'generalNames is missing'],
    ['POST', csr, generalNames({ name: 'x' }), 'generalNames[0].type is missing'],
    ['POST', csr, generalNames({ type: 'dNSName' }), 'generalNames[0].name is missing'],
    ['PUT', policy, {}, 'specName is missing'],
    ['POST', '/sessions', { UserId: 'admin' }, 'password is missing'],
    ['POST', '/sessions', { password: 'x' }, 'UserId is missing'],
  ])('%s %s %j', async (method, path, body, text) => {
    await expectFailure(await send(method, path, body), 400, 'CSRF0103E', text)
  })
})

describe('400, an attribute is not valid', () => {
  test.each([
    ['POST', csr, { Country: 'Germany' }, 'Country '],
    ['POST', csr, { CommonName: 'x'.repeat(64) }, 'CommonName has 64 characters'],
    ['POST', csr, { commonName: 'x' }, 'commonName is not known here'],
    ['POST', csr, generalNames({ type: 'iPAddress', name: '1.2.3' }), 'generalNames[0].name '],
    ['PUT', policy, { specName: 'NIST' }, 'specName is not valid'],
    ['POST', '/sessions', { UserId: 1, password: 'x' }, 'UserId must be a string'],
  ])('%s %s %j', async (method, path, body, text) => {
    await expectFailure(await send(method, path, body), 400, 'CSRF0103E', text)
  })
})

describe('400, the body is no JSON', () => {
  test.each([
    ['broken', '{"CommonName":"LXCA"\n"Country":"US"}', 'line 2, column 1'],
    ['cut off', '{"CommonName":', 'ends before its JSON does'],
    ['empty', '', 'The body is empty'],
  ])('%s', async (_, body, text) => {
    const response = await api.call(csr, { method: 'POST', headers: json, body })
    await expectFailure(response, 400, 'CSRF0101E', text)
  })

  test('not declared as JSON', async () => {
    const response = await send('POST', csr, {}, { 'content-type': 'text/plain' })
    await expectFailure(response, 400, 'CSRF0102E', 'application/json')
  })
})

describe('400, the operation is not supported', () => {
  test.each(['x400Address', 'ediPartyName'])('a name of the type %s', async (type) => {
    const response = await send('POST', csr, generalNames({ type, name: 'x' }))
    await expectFailure(response, 400, 'CSRF0103E', 'is not supported')
  })
})

describe('405, the operation is not supported', () => {
  test.each([
    ['PATCH', csr, 'GET, HEAD, POST, DELETE'],
    ['POST', `${csr}/1`, 'GET, HEAD, DELETE'],
    ['DELETE', policy, 'GET, HEAD, PUT'],
    ['PUT', '/certificateSettings', 'GET, HEAD'],
    ['POST', '/tasks', 'GET, HEAD'],
    ['DELETE', '/tasks/1', 'GET, HEAD'],
    ['POST', '/aicc', 'GET, HEAD'],
    ['GET', '/sessions', 'POST, DELETE'],
  ])('%s %s', async (method, path, allow) => {
    const response = await api.call(path, { method })
    expect(response.headers.get('allow')).toBe(allow)
    await expectFailure(response, 405, 'CSRF0106E', 'is not supported')
  })
})

describe('404, the path is not found', () => {
  test.each([
    ['GET', `${csr}?path=99`],
    ['GET', `${csr}/99`],
    ['DELETE', `${csr}?path=99`],
    ['DELETE', `${csr}/99`],
  ])('%s %s', async (method, path) => {
    const response = await api.call(path, { method })
    await expectFailure(response, 404, 'CSRF0301E', 'The path 99 is not valid.')
  })

  test('GET /tasks/99', async () => {
    await expectFailure(await api.call('/tasks/99'), 404, 'CSRF0301E', 'There is no task 99.')
  })

  test('an unknown URL', async () => {
    await expectFailure(await api.call('/nothing/here'), 404, 'CSRF0303E')
  })
})

const resources = [csr, policy, '/certificateSettings', '/tasks', '/tasks/1', '/aicc']

describe('401, not authenticated', () => {
  test.each([
    ['nothing', {}],
    ['a wrong password', { authorization: `Basic ${btoa('admin:guessed')}` }],
    ['an unknown user', { authorization: `Basic ${btoa('eve:correct horse battery')}` }],
    ['rubbish', { authorization: 'Basic %%%' }],
    ['a token that never was', { authorization: 'Bearer x' }],
    ['a session that never was', { cookie: 'JSESSIONID=x; csrf=y', 'x-csrf-token': 'y' }],
  ])('%s', async (_, headers) => {
    const response = await api.call(csr, { headers: { authorization: '', ...headers } })
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /)
    await expectFailure(
      response,
      401,
      'FQXHMSE0291J',
      'The request to log in could not be completed successfully.',
    )
  })

  test.each(resources)('GET %s', async (path) => {
    const response = await api.call(path, { headers: { authorization: '' } })
    await expectFailure(response, 401, 'FQXHMSE0291J')
  })

  test('POST /sessions', async () => {
    const body = { UserId: 'admin', password: 'guessed' }
    const response = await send('POST', '/sessions', body, { authorization: '' })
    expect(response.headers.getSetCookie()).toEqual([])
    await expectFailure(response, 401, 'FQXHMSE0291J')
  })
})

describe('403, no privilege', () => {
  test('a role is missing, and is named', async () => {
    const reader = { authorization: await api.user('reader', ['read']) }
    const post = await send('POST', csr, {}, reader)
    await expectFailure(post, 403, 'CSRF0201E', 'This operation needs the role submit.')
    const put = await send('PUT', policy, { specName: 'CNSA' }, reader)
    await expectFailure(put, 403, 'CSRF0201E', 'This operation needs the role admin.')
    expect((await api.call(policy, { headers: reader })).status).toBe(200)
  })

  test("a page of another site, with a browser's stored credentials", async () => {
    for (const [path, body] of [
      [csr, {}],
      ['/sessions', { UserId: 'admin', password }],
    ] as const) {
      const ask = (headers: object) => send('POST', path, body, headers)
      const id = 'CSRF0202E'
      await expectFailure(await ask({ 'sec-fetch-site': 'cross-site' }), 403, id)
      await expectFailure(await ask({ 'sec-fetch-site': 'same-site' }), 403, id)
      await expectFailure(await ask({ origin: 'https://evil.example' }), 403, id)
      await expectFailure(await ask({ origin: 'null' }), 403, id)
      expect((await ask({ origin: 'http://localhost' })).status).toBe(200)
    }
  })
})

test.each([csr, '/sessions'])('413, the body of POST %s is too large', async (path) => {
  const response = await send('POST', path, { CommonName: 'x'.repeat(65_536) })
  await expectFailure(response, 413, 'CSRF0105E', ' bytes')
})

test('429, too many log-ins failed', async () => {
  const throttle = new LoginThrottle(api.redis)
  for (let guess = 0; guess < 10; guess++) await throttle.failed('mallory', '127.0.0.1')
  const refused = await send('POST', '/sessions', { UserId: 'mallory', password: 'guessed' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  await expectFailure(refused, 429, 'CSRF0203W')
})

test('429, the account writes too much', async () => {
  await using busy = await startApi({ writesPerMinute: 1, redisUrl: api.redisUrl })
  await busy.create({})
  const init = { method: 'POST', headers: json, body: '{}' }
  const refused = await busy.call(csr, init)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  await expectFailure(refused, 429, 'CSRF0205W')
  expect((await busy.call(policy)).status).toBe(200)
})

test('429, the tenant has as many queued requests as it may have', async () => {
  const headers = { authorization: await api.bearer(['submit']) }
  await changeTenant(api.redis, defaultPlace, 'default', { limits: { queuedRequests: 1 } })
  await api.create({})
  await expect
    .poll(async () => (await send('POST', csr, {}, headers)).status, { timeout: 10_000 })
    .toBe(429)
  const refused = await send('POST', csr, {}, headers)
  await changeTenant(api.redis, defaultPlace, 'default', { limits: { queuedRequests: null } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  await expectFailure(refused, 429, 'CSRF0207W')
  await expect
    .poll(async () => (await send('POST', csr, {}, headers)).status, { timeout: 10_000 })
    .toBe(200)
})

test('500, an internal error of which nothing is told', async () => {
  await api.create({})
  await api.redis.rename(keys.nextId, 'kept')
  await api.redis.set(keys.nextId, 'not a hash')
  const response = await send('POST', csr, {})
  await api.redis.rename('kept', keys.nextId)
  const text = await response.clone().text()
  expect(text).toContain(response.headers.get('x-request-id') ?? 'none')
  expect(text).not.toMatch(/WRONGTYPE|hash|redis/i)
  expect(api.logged()).toContain('WRONGTYPE')
  await expectFailure(response, 500, 'CSRF0501E')
})

test('503, Redis is full: Retry-After, nothing is written, and DELETE makes room', async () => {
  const { answer } = await api.create({})
  await api.redis.config('SET', 'maxmemory', '1')
  try {
    const counts = await api.redis.hgetall(keys.counts)
    const response = await send('POST', csr, {})
    expect(response.headers.get('retry-after')).toBe('30')
    await expectFailure(response, 503, 'CSRF0503W')
    expect(await api.redis.hgetall(keys.counts)).toEqual(counts)
    const path = `${csr}/${answer.response?.path}`
    expect((await api.call(path, { method: 'DELETE' })).status).toBe(200)
  } finally {
    await api.redis.config('SET', 'maxmemory', '1gb')
  }
})

test('503, Redis is away: Retry-After', async () => {
  api.redis.disconnect()
  const response = await api.call(`${csr}?path=1`)
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  await expectFailure(response, 503, 'CSRF0502W')
})
