import { announceAccountChange, installationKeys } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LxcaAnswer, startApi, type TestApi } from '../../start-api.ts'

leakGuard()

let api: TestApi
beforeAll(async () => {
  api = await startApi({ holdMs: 50 })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
})

const answerOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as LxcaAnswer),
})
const json = { 'content-type': 'application/json' }

describe('GET of a request that is not made yet', () => {
  test('is held, then 202 with the state and when to ask again', async () => {
    const { answer } = await api.create({})
    const path = String(answer.response?.path)
    const started = performance.now()
    const response = await api.call(`/certificateSigningRequest?path=${path}`)
    expect(performance.now() - started).toBeGreaterThanOrEqual(45)
    expect(response.status).toBe(202)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(await response.json()).toMatchObject({
      response: { path, state: 'Pending', percentage: 0 },
      result: 'success',
    })
  })

  test('Prefer: wait=n makes the hold shorter or longer', async () => {
    const { answer } = await api.create({})
    const ask = async (prefer: string) => {
      const started = performance.now()
      const response = await api.call(`/certificateSigningRequest/${answer.response?.path}`, {
        headers: { prefer },
      })
      const applied = response.headers.get('preference-applied')
      return { status: response.status, applied, ms: performance.now() - started }
    }
    expect(await ask('wait=1')).toMatchObject({ status: 202, applied: 'wait=1' })
    expect((await ask('respond-async, wait=1')).ms).toBeGreaterThan(950)
    expect((await ask('wait=0')).ms).toBeLessThan(45)
    expect(await ask('wait=soon')).toMatchObject({ applied: null })
  })
})

test.each([
  ['?path=', 'path must be'],
  ['?path=0', 'path must be'],
  ['?path=01', 'path must be'],
  ['?path=-1', 'path must be'],
  ['?path=1e3', 'path must be'],
  ['?path=1&path=2', 'path must be given once'],
  ['', 'path is missing'],
  ['?path=1&details=yes', 'details must be true or false'],
  ['?path=1&format=pem', 'format is not known here'],
  ['/x', 'path must be'],
  ['/1?path=1', 'path is not known here'],
])('GET %s is 400', async (suffix, reason) => {
  const answer = await answerOf(await api.call(`/certificateSigningRequest${suffix}`))
  expect(answer).toMatchObject({ status: 400, result: 'failure' })
  expect(answer.messages[0]).toMatchObject({ id: 'CSRF0104E' })
  expect(answer.messages.map(({ text }) => text).join()).toContain(reason)
})

test.each(['GET', 'DELETE'])('%s of a path that never was is 404', async (method) => {
  for (const place of ['?path=99', '/99']) {
    const answer = await answerOf(await api.call(`/certificateSigningRequest${place}`, { method }))
    expect(answer).toMatchObject({ status: 404, result: 'failure' })
    expect(answer.messages[0]).toMatchObject({ id: 'CSRF0301E', text: 'The path 99 is not valid.' })
  }
})

test('DELETE removes a queued request, by query and by segment, once', async () => {
  for (const place of ['?path=', '/']) {
    const { answer } = await api.create({})
    const url = `/certificateSigningRequest${place}${answer.response?.path}`
    const deleted = await answerOf(await api.call(url, { method: 'DELETE' }))
    expect(deleted).toMatchObject({
      status: 200,
      result: 'success',
      messages: [{ id: 'FQXHMSE0001I' }],
    })
    expect(deleted).not.toHaveProperty('response')
    expect((await api.call(url, { method: 'DELETE' })).status).toBe(404)
    expect((await api.call(url)).status).toBe(404)
  }
})

describe('/certificatePolicy', () => {
  test('PUT changes which keys the next requests ask for', async () => {
    const get = async () => answerOf(await api.call('/certificatePolicy'))
    expect(await get()).toMatchObject({ status: 200, response: { specName: 'DEFAULT' } })
    const body = JSON.stringify({ specName: 'CNSA' })
    const put = await api.call('/certificatePolicy', { method: 'PUT', headers: json, body })
    expect(await answerOf(put)).toMatchObject({ status: 200, response: { specName: 'CNSA' } })
    expect(await get()).toMatchObject({ response: { specName: 'CNSA' } })
    const { answer } = await api.create({})
    const spec = await api.redis.hget(`{s10}:t:default:request:${answer.response?.path}`, 'spec')
    expect(JSON.parse(spec ?? '').key).toEqual({ algorithm: 'rsa-3072', digest: 'sha384' })
  })

  test.each([
    [{}, 'specName is missing; allowed are DEFAULT, CNSA.'],
    [{ specName: 'NIST' }, 'specName is not valid; allowed are DEFAULT, CNSA.'],
    [{ specName: 'CNSA', x: 1 }, 'x is not known here'],
  ])('PUT %j is 400', async (body, reason) => {
    const init = { method: 'PUT', headers: json, body: JSON.stringify(body) }
    const answer = await answerOf(await api.call('/certificatePolicy', init))
    expect(answer.status).toBe(400)
    expect(answer.messages[0]?.text).toContain(reason)
  })
})

describe('who may call', () => {
  test.each([
    ['nothing', {}],
    ['a wrong password', { authorization: `Basic ${btoa('admin:guessed')}` }],
    ['an unknown user', { authorization: `Basic ${btoa('eve:correct horse battery')}` }],
    ['another scheme', { authorization: 'Bearer x' }],
    ['rubbish', { authorization: 'Basic %%%' }],
  ])('%s: 401 that says how to log in', async (_, headers) => {
    const init = { headers: { authorization: '', ...headers } }
    const response = await api.call('/certificateSigningRequest?path=1', init)
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /)
    expect(await answerOf(response)).toMatchObject({
      status: 401,
      result: 'failure',
      messages: [
        { id: 'FQXHMSE0291J', text: 'The request to log in could not be completed successfully.' },
      ],
    })
  })

  test('a role that is missing: 403 that names it', async () => {
    const account = JSON.parse(
      (await api.redis.hget(installationKeys.login('admin'), 'account')) ?? '',
    )
    const reader = { ...account, name: 'reader', roles: ['read'] }
    await api.redis.hset(installationKeys.login('reader'), 'account', JSON.stringify(reader))
    const headers = { ...json, authorization: `Basic ${btoa('reader:correct horse battery')}` }
    const post = await api.call('/certificateSigningRequest', {
      method: 'POST',
      headers,
      body: '{}',
    })
    expect(await answerOf(post)).toMatchObject({
      status: 403,
      messages: [{ id: 'CSRF0201E', text: 'This operation needs the role submit.' }],
    })
    expect((await api.call('/certificatePolicy', { headers })).status).toBe(200)
  })

  test("a page of another site cannot use a browser's stored credentials", async () => {
    const send = (headers: Record<string, string>) =>
      api.call('/certificateSigningRequest', {
        method: 'POST',
        headers: { ...json, ...headers },
        body: '{}',
      })
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await send({ 'sec-fetch-site': 'same-site' })).status).toBe(403)
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await send({ origin: 'null' })).status).toBe(403)
    expect((await send({ origin: 'http://localhost' })).status).toBe(200)
  })
})

test.each([
  ['PATCH', '/certificateSigningRequest', 'GET, HEAD, POST, DELETE'],
  ['POST', '/certificateSigningRequest/1', 'GET, HEAD, DELETE'],
  ['DELETE', '/certificatePolicy', 'GET, HEAD, PUT'],
  ['POST', '/readyz', 'GET, HEAD'],
])('%s %s is 405 with Allow', async (method, path, allow) => {
  const response = await api.call(path, { method })
  expect(response.headers.get('allow')).toBe(allow)
  const answer = await answerOf(response)
  expect(answer).toMatchObject({ status: 405, result: 'failure', messages: [{ id: 'CSRF0106E' }] })
  expect(answer.messages[0]?.text).toContain('is not supported')
})

test('an unknown URL is 404 in the same shape', async () => {
  const answer = await answerOf(await api.call('/nothing/here'))
  expect(answer).toMatchObject({ status: 404, result: 'failure', messages: [{ id: 'CSRF0303E' }] })
})

describe('what is known of a caller', () => {
  const path = '/certificatePolicy'

  test('is read again at once when a change of the account is published', async () => {
    const name = installationKeys.login('admin')
    const account = (await api.redis.hget(name, 'account')) ?? ''
    expect((await api.call(path)).status).toBe(200)
    await api.redis.hset(name, 'account', JSON.stringify({ ...JSON.parse(account), roles: [] }))
    await announceAccountChange(api.redis, 'admin')
    await expect.poll(async () => (await api.call(path)).status).toBe(403)
    await api.redis.hset(name, 'account', account)
    await announceAccountChange(api.redis, 'admin')
    await expect.poll(async () => (await api.call(path)).status).toBe(200)
  })

  test('keeps him from waiting behind a flood of wrong passwords, of which the most are turned away', async () => {
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

test('a fault inside is a 500 that says nothing of it', async () => {
  await api.redis.rename('{s10}:t:default:next-id', 'kept')
  await api.redis.set('{s10}:t:default:next-id', 'not a hash')
  const response = await api.call('/certificateSigningRequest', {
    method: 'POST',
    headers: json,
    body: '{}',
  })
  await api.redis.rename('kept', '{s10}:t:default:next-id')
  const requestId = response.headers.get('x-request-id') ?? 'none'
  const text = await response.text()
  expect(response.status).toBe(500)
  expect(JSON.parse(text)).toMatchObject({ result: 'failure', messages: [{ id: 'CSRF0501E' }] })
  expect(text).toContain(requestId)
  expect(text).not.toMatch(/WRONGTYPE|hash|redis/i)
  expect(api.logged()).toContain('WRONGTYPE')
})

test('a full Redis is 503 with Retry-After, nothing is written, and DELETE makes room', async () => {
  const { answer } = await api.create({})
  await api.redis.config('SET', 'maxmemory', '1')
  try {
    const counts = await api.redis.hgetall('{s10}:t:default:counts')
    const response = await api.call('/certificateSigningRequest', {
      method: 'POST',
      headers: json,
      body: '{}',
    })
    expect(response.headers.get('retry-after')).toBe('30')
    expect(await answerOf(response)).toMatchObject({ status: 503, messages: [{ id: 'CSRF0503W' }] })
    expect(await api.redis.hgetall('{s10}:t:default:counts')).toEqual(counts)
    const path = `/certificateSigningRequest/${answer.response?.path}`
    expect((await api.call(path, { method: 'DELETE' })).status).toBe(200)
  } finally {
    await api.redis.config('SET', 'maxmemory', '1gb')
  }
})

test('/docs/errors has an anchor for every id that answers link to', async () => {
  const page = await (await api.call('/docs/errors')).text()
  for (const id of ['CSRF0101E', 'CSRF0103E', 'CSRF0501E', 'FQXHMSE0291J', 'worker_died']) {
    expect(page).toContain(`id="${id}"`)
  }
})

test('neither passwords nor what requests say is in the log, failed Redis commands included', () => {
  expect(api.logged()).toContain('"msg":"call"')
  expect(api.logged()).not.toMatch(/correct horse|Basic |guessed|North Carolina/)
})
