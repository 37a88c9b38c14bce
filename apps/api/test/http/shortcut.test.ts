import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { completeLot, createRequests, readReady, readRequest, startLot } from '@csr-foundry/records'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ReadLimit } from '../../src/authentication/read-limit.ts'
import { dialects } from '../../src/dialects/index.ts'
import { answerCalls } from '../../src/http/answer-calls.ts'
import { OpenCalls } from '../../src/http/open-calls.ts'
import { takeShortcut } from '../../src/http/shortcut.ts'
import type { Env } from '../../src/services.ts'
import { authorization, defaultPlace as place } from '../start-api.ts'
import { withApi } from '../with-api.ts'

const api = withApi()

let readLimit = new ReadLimit(0)

/** Answers by a shortcut or says that it took none. */
const server = createServer(async (incoming, outgoing) => {
  const shortcuts = dialects.flatMap(({ shortcuts = [] }) => shortcuts)
  const services = { ...api.services, readLimit }
  const taken = takeShortcut(services, shortcuts)(incoming, outgoing, [])
  if (!(await Promise.resolve(taken).catch(() => false))) outgoing.writeHead(204).end()
})

beforeAll(async () => {
  await makeReady()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

async function makeReady(): Promise<void> {
  const spec = {
    subject: [[{ type: 'CN' as const, value: 'x' }]],
    subjectAltNames: [],
    key: { algorithm: 'ecdsa-p256' as const, digest: 'sha256' as const },
    custody: 'internal' as const,
  }
  const { redis } = api
  const queued = { requests: [{ spec }], lane: 'fast' as const, priority: 0 }
  const made = await createRequests(redis, place, queued)
  await createRequests(redis, place, queued)
  const run = { shard: place.shard, lot: made.ticket?.lot ?? '', take: 'test' }
  await startLot(redis, run)
  const bytes = {
    csr: Buffer.from('csr'),
    spki: Buffer.from('spki'),
    sealed: Buffer.from('sealed'),
  }
  const result = { id: made.firstId, state: 'ready', ...bytes } as const
  const key = { algorithm: 'ecdsa-p256', custody: 'internal' } as const
  await completeLot(redis, run, place.tenant, [{ ...result, ...key }])
}

function statusOf(path: string, headers: object, method = 'GET'): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const options = {
      port,
      path,
      method,
      agent: false,
      headers: { connection: 'keep-alive', ...headers },
    }
    request(options, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

const urls = [
  '/v1/requests/1',
  '/certificateSigningRequest/1',
  '/certificateSigningRequest?path=1',
  '/certificateSigningRequest/1?details=true',
  '/certificateSigningRequest?path=1&details=true',
]

test('a ready request is told by a shortcut to who is known, and only then', async () => {
  const reader = await api.bearer(['read'])
  for (const path of urls) expect(await statusOf(path, { authorization: reader }), path).toBe(204)
  // The application gets to know him.
  expect((await api.call('/v1/policy', { headers: { authorization: reader } })).status).toBe(200)
  for (const path of urls) expect(await statusOf(path, { authorization: reader }), path).toBe(200)
})

test.each([
  ['a request that is not ready', '/v1/requests/2', {}],
  ['a request that is not there', '/v1/requests/99', {}],
  ['another query', '/v1/requests/1?a=b', {}],
  ['a path that is not in its plain form', '/v1/requests/01', {}],
  ['somebody unknown', '/v1/requests/1', { authorization: 'Bearer x' }],
  ['nobody', '/v1/requests/1', { authorization: '' }],
  ['a preference', '/v1/requests/1', { prefer: 'wait=1' }],
  ['another form', '/v1/requests/1', { accept: 'application/pkcs10' }],
  ['a page of another origin', '/v1/requests/1', { origin: 'https://a.example' }],
  ['a proxy', '/v1/requests/1', { 'x-forwarded-for': '192.0.2.1' }],
  ['an id of its own', '/v1/requests/1', { 'x-request-id': 'mine' }],
  ['a body', '/v1/requests/1', { 'content-length': '0' }],
  ['credentials of two kinds', '/v1/requests/1', { 'fastly-key': 'x' }],
  ['a strange host', '/v1/requests/1', { host: 'a_b~' }],
])('%s goes to the application', async (_, path, headers) => {
  await api.call('/v1/policy')
  expect(await statusOf('/v1/requests/1', { authorization })).toBe(200)
  expect(await statusOf(path, { authorization, ...headers })).toBe(204)
})

test('the short way to a record reads what the long one does, and only what is ready', async () => {
  expect(await readReady(api.redis, place, '1')).toEqual(await readRequest(api.redis, place, '1'))
  for (const id of ['2', '99']) expect(await readReady(api.redis, place, id)).toBeUndefined()
})

test('a shortcut that breaks leaves the call to the application, and ends nothing', async () => {
  const app = new Hono<Env>().get('/', (c) => c.text('the long way'))
  const { log } = api.services
  const refusals = { log, headers: [], openCalls: new OpenCalls(1) }
  const broken = createServer(answerCalls(app, refusals, () => Promise.reject(new Error('broken'))))
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
  const { port } = broken.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) })
  expect(await response.text()).toBe('the long way')
  broken.close()
})

test('who may read no more goes to the application, which counts what a shortcut cannot answer', async () => {
  await api.call('/v1/policy')
  readLimit = new ReadLimit(2)
  onTestFinished(() => {
    readLimit = new ReadLimit(0)
  })
  for (let i = 0; i < 3; i++) expect(await statusOf('/v1/requests/99', { authorization })).toBe(204)
  for (const status of [200, 200, 204]) {
    expect(await statusOf('/v1/requests/1', { authorization })).toBe(status)
  }
})

test('other methods, roles and a process that drains go to the application', async () => {
  await api.call('/v1/policy')
  expect(await statusOf('/v1/requests/1', { authorization }, 'HEAD')).toBe(204)
  expect(await statusOf('/v1/requests/1', { authorization }, 'DELETE')).toBe(204)
  const submitter = await api.bearer(['submit'])
  await api.call('/v1/policy', { headers: { authorization: submitter } })
  expect(await statusOf('/v1/requests/1', { authorization: submitter })).toBe(204)
})
