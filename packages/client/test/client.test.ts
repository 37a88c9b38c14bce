import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client, ClientError, type ClientOptions, type Retry } from '../src/index.ts'
import { problem, type ScriptedServer, startScriptedServer } from './scripted-server.ts'

leakGuard()

const token = 'a-token-that-nobody-may-see'
const password = 'correct horse battery'
const ready = {
  id: '1',
  state: 'ready',
  csr: '-----BEGIN CERTIFICATE REQUEST-----\n',
  times: { created: '2026-01-01T00:00:00.000Z' },
  links: { self: '/v1/requests/1' },
}
const queued = { ...ready, csr: undefined, state: 'queued' }
const away = { status: 503, body: problem('unavailable', 503), headers: { 'retry-after': '0' } }
const busy = {
  status: 429,
  body: problem('writes_throttled', 429),
  headers: { 'retry-after': '0' },
}

let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const clientOf = (options: Partial<ClientOptions> = {}) =>
  new Client({ url: server.url, token, ...options } as ClientOptions)

test('an answer is parsed, and what a later service adds to it is no fault', async () => {
  server.play({ status: 200, body: { ...ready, colour: 'blue' } })
  expect(await clientOf().requests.get('1')).toEqual(ready)
  expect(server.arrived).toMatchObject([
    { method: 'GET', url: '/v1/requests/1', headers: { authorization: `Bearer ${token}` } },
  ])
})

test('a POST is made again after 429 and 503, each time with the same idempotency key', async () => {
  const retries: Retry[] = []
  const client = clientOf({ onRetry: (retry) => retries.push(retry) })
  server.play(busy, away, { status: 202, body: queued })
  const subject = { commonName: 'edge-1.example.com' }
  expect(await client.requests.create({ subject })).toMatchObject({ id: '1', state: 'queued' })
  const keys = server.arrived.map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).toMatch(/^[\da-f-]{36}$/)
  expect(server.arrived.map(({ body }) => JSON.parse(body))).toEqual([
    { subject },
    { subject },
    { subject },
  ])
  expect(retries.map(({ attempt, error }) => [attempt, error.code])).toEqual([
    [1, 'writes_throttled'],
    [2, 'unavailable'],
  ])

  server.play({ status: 202, body: queued })
  await client.requests.create({ subject })
  expect(server.arrived[0]?.headers['idempotency-key']).not.toBe(keys[0])
})

test('after a broken connection a POST is made again where its key is kept, as a GET is, and no other', async () => {
  server.play('breaks', { status: 200, body: ready })
  expect(await clientOf().requests.get('1')).toMatchObject({ state: 'ready' })

  server.play('breaks', { status: 202, body: queued })
  expect(await clientOf().requests.create({})).toMatchObject({ id: '1' })
  const keys = server.arrived.map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys.slice(-2)).size).toBe(1)

  server.play('breaks', { status: 201, body: {} })
  const user = { name: 'ada', password: 'correct horse battery', roles: [] }
  await expect(clientOf().users.create(user)).rejects.toMatchObject({ code: 'unreachable' })
})

test('a POST that nobody took is made again', async () => {
  const port = await unusedPort()
  const client = clientOf({
    url: `http://127.0.0.1:${port}`,
    onRetry: () => late.listening || late.listen(port, '127.0.0.1'),
  })
  const late = createServer((_, response) => response.writeHead(202).end(JSON.stringify(queued)))
  try {
    expect(await client.requests.create({})).toMatchObject({ id: '1' })
  } finally {
    late.closeAllConnections()
    late.close()
  }
})

test('what every further try would end like is tried once', async () => {
  const retries: Retry[] = []
  const onRetry = (retry: Retry) => retries.push(retry)
  for (const [url, reason] of [
    [
      server.url.replace('http:', 'https:'),
      'it does not speak HTTPS; its URL may be one with http',
    ],
    ['http://127.0.0.1:6000', 'it is a port of other protocols, which fetch does not call'],
  ] as const) {
    await expect(clientOf({ url, onRetry }).requests.get('1')).rejects.toMatchObject({
      code: 'unreachable',
      message: `${url} cannot be reached: ${reason}.`,
    })
  }
  expect(retries).toEqual([])
})

test('a DELETE whose answer was lost has done its work when the next try finds nothing', async () => {
  server.play('breaks', { status: 404, body: problem('path_not_found', 404) })
  await clientOf().requests.delete('1')
  server.play({ status: 404, body: problem('path_not_found', 404) })
  await expect(clientOf().requests.delete('1')).rejects.toMatchObject({ code: 'path_not_found' })
})

test('a pause is never shorter than Retry-After', async () => {
  server.play({ ...away, headers: { 'retry-after': '1' } }, { status: 200, body: ready })
  const started = performance.now()
  await clientOf().requests.get('1')
  expect(performance.now() - started).toBeGreaterThanOrEqual(990)
})

test('where Retry-After is beyond the time that the call has, it fails at once', async () => {
  server.play({ ...busy, headers: { 'retry-after': '900' } })
  const started = performance.now()
  const call = clientOf().requests.get('1')
  await expect(call).rejects.toMatchObject({ code: 'writes_throttled', retryAfter: 900 })
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('the tries are counted', async () => {
  server.play(away)
  await expect(clientOf({ tries: 2 }).requests.get('1')).rejects.toMatchObject({ status: 503 })
  expect(server.arrived).toHaveLength(2)
})

test('a problem is an error with its code, its faults, and what to do', async () => {
  const errors = [{ pointer: '/subject/country', detail: 'is not a country code' }]
  const body = problem('attribute_invalid', 400, { errors })
  server.play({ status: 400, body })
  const error = await clientOf()
    .requests.create({})
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ClientError)
  expect(error).toMatchObject({
    code: 'attribute_invalid',
    status: 400,
    problem: body,
    message: 'It is attribute_invalid. /subject/country is not a country code.',
    hint: 'Do something about it.',
  })
  expect(server.arrived).toHaveLength(1)
})

test('a code that this client does not know is passed on', async () => {
  server.play({ status: 409, body: problem('of_next_year', 409) })
  await expect(clientOf().requests.delete('1')).rejects.toMatchObject({ code: 'of_next_year' })
})

test.each([
  ['not JSON', { status: 200, body: '<html>' }, /\(status 200\) is not what csr-foundry gives/],
  ['another JSON', { status: 200, body: { ok: true } }, /\(status 200\) .*\/id/],
  ['a proxy’s error', { status: 418, body: '<html>' }, /^The answer has status 418/],
  [
    'a redirect',
    { status: 301, headers: { location: 'https://other.example/x?y' } },
    /^The URL only leads on to https:\/\/other.example \(status 301\)\.$/,
  ],
])('%s is an unexpected answer', async (_, step, message) => {
  server.play(step)
  const error = await clientOf()
    .requests.get('1')
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: 'unexpected_answer',
    message: expect.stringMatching(message),
  })
})

test('a service that does not answer is a timeout, and a caller who leaves hears its own reason', async () => {
  server.play('is silent')
  const slow = clientOf().requests.get('1', { timeout: 0.1 })
  await expect(slow).rejects.toMatchObject({ code: 'timeout' })

  const reason = new Error('I changed my mind')
  const control = new AbortController()
  const left = clientOf().requests.get('1', { signal: control.signal })
  setTimeout(() => control.abort(reason), 50)
  await expect(left).rejects.toBe(reason)
})

test('a caller who leaves during a pause need not wait for its end', async () => {
  const control = new AbortController()
  const client = clientOf({ signal: control.signal, onRetry: () => control.abort() })
  server.play({ ...away, headers: { 'retry-after': '20' } })
  await expect(client.requests.get('1')).rejects.toMatchObject({ name: 'AbortError' })
})

test('waitFor asks until the request is settled, and says when it was not', async () => {
  const held = { status: 200, body: queued, headers: { 'retry-after': '0' } }
  server.play(held, held, { status: 200, body: ready })
  expect(await clientOf().requests.waitFor('1', { within: 20 })).toMatchObject({ state: 'ready' })
  expect(server.arrived.map(({ headers }) => headers.prefer)).toEqual([
    'wait=20',
    'wait=20',
    'wait=20',
  ])

  server.play(held)
  const wait = clientOf().requests.waitFor('1', { within: 0 })
  await expect(wait).rejects.toMatchObject({
    code: 'not_settled',
    message: 'Request 1 is still queued after 0 s.',
  })
})

test('a list goes through its pages as they are needed, the empty ones too', async () => {
  const page = (next?: string, ...requests: object[]) => ({ status: 200, body: { requests, next } })
  server.play(page('a', ready), page('b'), page(undefined, { ...ready, id: '2' }))
  const ids: string[] = []
  for await (const { id } of clientOf().requests.list({ q: 'edge 1&2', limit: 1 })) ids.push(id)
  expect(ids).toEqual(['1', '2'])
  expect(server.arrived.map(({ url }) => url)).toEqual([
    '/v1/requests?q=edge+1%262&limit=1',
    '/v1/requests?q=edge+1%262&limit=1&cursor=a',
    '/v1/requests?q=edge+1%262&limit=1&cursor=b',
  ])

  server.play(page('a', ready))
  for await (const _ of clientOf().requests.list()) break
  expect(server.arrived).toHaveLength(1)
})

test('an id of a caller cannot lead to another resource', async () => {
  server.play({ status: 404, body: problem('path_not_found', 404) })
  await expect(clientOf().requests.delete('../keys/1?x')).rejects.toThrow(ClientError)
  expect(server.arrived[0]?.url).toBe('/v1/requests/..%2Fkeys%2F1%3Fx')
})

test('a service under a path of its proxy is asked there', async () => {
  server.play({ status: 503, body: { ready: false, checks: { redis: false }, workers: 0 } })
  const client = clientOf({ url: `${server.url}/csr/` })
  expect(await client.health.ready()).toEqual({
    ready: false,
    checks: { redis: false },
    workers: 0,
  })
  expect(server.arrived.map(({ url }) => url)).toEqual(['/csr/readyz'])
})

test('no credential is in an error or in a client that is logged', async () => {
  const user = { token: undefined, username: 'admin', password } as Partial<ClientOptions>
  const clients = [
    clientOf(),
    clientOf(user),
    clientOf({ ...user, url: await refusingUrl(), tries: 1 }),
  ]
  const said: unknown[] = [...clients]
  for (const step of [
    'breaks',
    { status: 401, body: problem('credentials_invalid', 401) },
  ] as const) {
    server.play(step)
    for (const client of clients) said.push(await client.requests.create({}).catch((e) => e))
  }
  for (const options of [
    { token: `${token}\n` },
    { url: `https://admin:${password.replaceAll(' ', '+')}@example.com` },
    { url: `admin:${token}` },
    { ...user, username: `ad:${token}` },
  ]) {
    said.push(catchError(() => clientOf(options as Partial<ClientOptions>)))
    expect(said.at(-1)).toMatchObject({ code: 'options_invalid' })
  }
  const text = inspect(said, { depth: 20, showHidden: true })
  expect(text).not.toContain(token)
  expect(text).not.toMatch(/correct.horse|Basic [A-Za-z0-9]/)
})

function catchError(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

const refusingUrl = async () => `http://127.0.0.1:${await unusedPort()}`

async function unusedPort(): Promise<number> {
  const free = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => free.once('listening', resolve))
  const { port } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))
  return port
}
