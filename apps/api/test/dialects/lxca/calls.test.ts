import { describe, expect, test } from 'vitest'
import { type LxcaAnswer, startApi } from '../../start-api.ts'
import { withApi } from '../../with-api.ts'

const api = withApi({ holdMs: 50 })

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
    await using patient = await startApi({ redisUrl: api.redisUrl, holdMs: 30_000 })
    const ask = async (prefer: string, one = api) => {
      const started = performance.now()
      const response = await one.call(`/certificateSigningRequest/${answer.response?.path}`, {
        headers: { prefer },
      })
      const applied = response.headers.get('preference-applied')
      return { status: response.status, applied, ms: performance.now() - started }
    }
    const longer = await ask('respond-async, wait=1')
    expect(longer).toMatchObject({ status: 202, applied: 'wait=1' })
    expect(longer.ms).toBeGreaterThan(950)
    const shorter = await ask('wait=0', patient)
    expect(shorter).toMatchObject({ status: 202, applied: 'wait=0' })
    expect(shorter.ms).toBeLessThan(15_000)
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

test('neither passwords nor what requests say is in the log, failed Redis commands included', () => {
  expect(api.logged()).toContain('"msg":"call"')
  expect(api.logged()).not.toMatch(/correct horse|Basic |guessed|North Carolina/)
})
