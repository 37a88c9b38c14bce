import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from './raw-calls.ts'

leakGuard()

const limits = { headersTimeout: 1_000, requestTimeout: 1_500, connectionsCheckingInterval: 20 }
let server: TestServer
beforeAll(async () => {
  server = await startServer(
    (app) => {
      app.get('/', (c) => c.json({ well: true }))
      app.get('/slow', async (c) => {
        await sleep(100)
        return c.json({})
      })
      app.get('/throws', () => {
        throw 'no error at all' as never
      })
      app.get('/half', (c) => {
        c.env.outgoing.setHeader('X-Request-Id', 'half')
        let parts = 0
        const body = new ReadableStream({
          pull: async (stream) => {
            await sleep(5)
            if (parts++ > 0) throw new Error('lost it')
            stream.enqueue(Buffer.from('a part'))
          },
        })
        return c.body(body)
      })
      app.post('/body', async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)))
      app.onError((_, c) => c.text('', 500))
    },
    { limits },
  )
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const closing = 'Host: x\r\nConnection: close\r\n\r\n'

function parse(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [line = '', ...headers] = head.toLowerCase().split('\r\n')
  const all = Object.fromEntries(headers.map((header) => header.split(': ')))
  return { status: Number(line.split(' ')[1]), headers: all, body }
}

const secure = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}

test.each([
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'request_malformed'],
  [
    'a Host that is none',
    `GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n`,
    400,
    'request_malformed',
  ],
  ['a URL that is none', `GET x HTTP/1.1\r\n${closing}`, 400, 'request_malformed'],
  ['no HTTP', 'EHLO x\r\n\r\n', 400, 'request_malformed'],
  ['an expectation', `GET / HTTP/1.1\r\nExpect: much\r\n${closing}`, 400, 'request_malformed'],
  [
    'a body in bad chunks',
    'POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    400,
    'request_malformed',
  ],
  [
    'headers of 17 KiB',
    `GET / HTTP/1.1\r\nA: ${'a'.repeat(17 * 1024)}\r\n${closing}`,
    431,
    'headers_too_large',
  ],
  ['headers that do not end', 'GET / HTTP/1.1\r\nHost: x\r\n', 408, 'request_timeout'],
  [
    'a body that does not end',
    'POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
    408,
    'request_timeout',
  ],
  ['a throw of what is no error', `GET /throws HTTP/1.1\r\n${closing}`, 500, 'internal'],
])('%s is answered by a problem with its code, and logged', async (_, bytes, status, code) => {
  const answer = parse(await server.send(bytes))
  expect(answer).toMatchObject({
    status,
    headers: { ...secure, connection: 'close', 'content-type': 'application/problem+json' },
  })
  const requestId = answer.headers['x-request-id']
  expect(JSON.parse(answer.body)).toMatchObject({ status, code, requestId })
  expect(server.logged()).toContainEqual(expect.objectContaining({ requestId, code }))
})

test('every answer has the headers that keep browsers out', async () => {
  const { headers } = parse(await server.send(`GET / HTTP/1.1\r\n${closing}`))
  expect(headers).toMatchObject(secure)
  expect(headers).not.toHaveProperty('strict-transport-security')
})

test('HTTP/1.0 needs no Host', async () => {
  expect(parse(await server.send('GET / HTTP/1.0\r\n\r\n')).status).toBe(200)
})

test('one connection may ask as often as it likes, also before it has its answers', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const connections = new Set<number | undefined>()
  for (let i = 0; i < 150; i++) connections.add(await portOfCall(agent))
  agent.destroy()
  expect(connections.size).toBe(1)
  const ahead = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(90)
  const answers = await server.send(`${ahead}GET / HTTP/1.1\r\n${closing}`)
  expect(answers.split('HTTP/1.1 200 OK')).toHaveLength(92)
})

function portOfCall(agent: Agent): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const call = request(server.url, { agent }, (response) => {
    const port = call.socket?.localPort
    response.resume().on('end', () => resolve(port))
  })
  call.on('error', reject).end()
  return promise
}

test('a connection that asks for more than it awaits is cut, others are served', async () => {
  const greedy = server.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(101))
  expect((await fetch(server.url)).status).toBe(200)
  expect(await greedy).toBe('')
})

test('what is malformed behind a call that waits is not taken for its answer', async () => {
  const answer = await server.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n')
  expect(answer).not.toContain('400')
})

test('an answer that breaks off is logged with the id of its call', async () => {
  const answer = await server.send(`GET /half HTTP/1.1\r\n${closing}`)
  expect(answer).toContain('a part')
  expect(answer).not.toContain('lost it')
  expect(server.logged()).toContainEqual(
    expect.objectContaining({ level: 50, requestId: 'half', msg: 'answer broken off' }),
  )
})
