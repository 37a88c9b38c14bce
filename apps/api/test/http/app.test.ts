import { gunzipSync } from 'node:zlib'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowOrigins } from '../../src/http/cors.ts'
import { startApi, type TestApi } from '../start-api.ts'

leakGuard()

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
})

test('a request id that is harmless is kept, in the answer and in the log', async () => {
  const headers = { 'x-request-id': 'trace-1.2_3' }
  const response = await api.call('/certificateSigningRequest/7', { headers })
  expect(response.headers.get('x-request-id')).toBe('trace-1.2_3')
  const lines = api
    .logged()
    .split('\n')
    .filter((line) => line.includes('"trace-1.2_3"'))
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      msg: 'call',
      method: 'GET',
      path: '/certificateSigningRequest/7',
      status: 404,
      remote: '127.0.0.1',
    },
  ])
})

test.each(['', 'x'.repeat(65), 'a b', 'a"b', '../../é'])(
  'the request id %j is replaced',
  async (given) => {
    const response = await api.call('/healthz', { headers: { 'x-request-id': given } })
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  },
)

test.each([
  ['/healthz', 'GET, HEAD, OPTIONS'],
  ['/certificatePolicy', 'GET, HEAD, PUT, OPTIONS'],
])('OPTIONS of %s tells its methods', async (path, allow) => {
  const response = await api.call(path, { method: 'OPTIONS' })
  expect(response.status).toBe(204)
  expect(response.headers.get('allow')).toBe(allow)
  expect(await response.text()).toBe('')
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test.each([
  ['/healthz', 200],
  ['/readyz', 503],
  ['/certificatePolicy', 200],
  ['/certificateSigningRequest/99', 404],
  ['/nothing', 404],
])('HEAD of %s is its GET without the body', async (path, status) => {
  const [get, head] = await Promise.all([api.call(path), api.call(path, { method: 'HEAD' })])
  expect([get.status, head.status]).toEqual([status, status])
  expect(await head.text()).toBe('')
  const headers = (response: Response) => {
    const { 'x-request-id': _, ...rest } = Object.fromEntries(response.headers)
    return rest
  }
  expect(headers(head)).toEqual(headers(get))
})

test.each([
  ['/v1/nothing', 'GET', 404, 'application/problem+json', 'resource_unknown'],
  ['/nothing', 'GET', 404, 'application/json', 'CSRF0303E'],
  ['/readyz', 'POST', 405, 'application/problem+json', 'operation_not_supported'],
  ['/certificatePolicy', 'DELETE', 405, 'application/json', 'CSRF0106E'],
  ['/tls/nothing', 'GET', 404, 'application/vnd.api+json', 'resource_unknown'],
])('%s by %s is %i in the shape of its dialect', async (path, method, status, type, code) => {
  const response = await api.call(path, { method })
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe(type)
  expect(await response.text()).toContain(code)
})

test('lists and pages are compressed for those who take it, and nothing else is', async () => {
  const gzip = { 'accept-encoding': 'gzip, deflate' }
  for (const path of ['/docs/errors', '/v1/requests']) {
    const answer = await api.call(path, { headers: gzip })
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(answer.headers.get('vary')).toContain('Accept-Encoding')
    const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()
    // But for the nonce of its style.
    const plain = (await (await api.call(path)).text()).replace(/nonce="[^"]*"/, '')
    expect(text.replace(/nonce="[^"]*"/, '')).toBe(plain)
  }
  for (const path of ['/certificatePolicy', '/v1/policy', '/readyz', '/nothing']) {
    const answer = await api.call(path, { headers: gzip })
    expect(answer.headers.get('content-encoding')).toBeNull()
  }
})

test('a call without credentials is told both schemes', async () => {
  const response = await api.call('/certificatePolicy', { headers: { authorization: '' } })
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=.*, Bearer realm=/)
})

test('pages of the origins that are allowed may call, without the credentials of the browser; no others', async () => {
  const app = new Hono()
  app.use(allowOrigins(['https://console.example.com']) as never)
  app.get('/', (c) => c.text('well'))
  const ask = (method: string, headers: Record<string, string>) =>
    app.request('/', { method, headers })
  const own = { origin: 'https://console.example.com' }
  const asked = {
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization',
  }
  const preflight = await ask('OPTIONS', { ...own, ...asked })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe(own.origin)
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT')
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
  const answer = await ask('GET', own)
  expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-Id')
  for (const response of [preflight, answer]) {
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    expect(response.headers.get('vary')).toContain('Origin')
  }
  const stranger = await ask('GET', { origin: 'https://console.example.com.evil.test' })
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull()
  // What is no preflight goes to the path.
  expect((await ask('OPTIONS', own)).status).toBe(404)
})
