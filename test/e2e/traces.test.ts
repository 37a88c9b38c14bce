/**
 * A service that is traced, of real processes, on a Redis in cluster mode: what it exports and what it logs are enough to follow
 * a request by, and no secret is in either, wherever callers put them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Collector, startCollector, startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hide } from './hidden-secrets.ts'
import { csrOf, lookInto, opensslText } from './look.ts'
import { jsonInit, password, type Service, startService } from './start-service.ts'
import { tellSecrets } from './tell-secrets.ts'

leakGuard()

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

let collector: Collector
let redisUrl: string
let folder: string
let service: Service
const stack = new AsyncDisposableStack()

beforeAll(async () => {
  collector = stack.use(await startCollector())
  redisUrl = stack.use(await startRedis({ cluster: true })).url
  folder = await mkdtemp(join(tmpdir(), 'csr-foundry-traces-'))
  const headers = join(folder, 'headers')
  await writeFile(headers, `authorization=Bearer%20${hide('of the collector')}\n`)
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const started = await startService({
    environment: {
      REDIS_URL: redisUrl,
      SHARDS: '4',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS_FILE: headers,
      LOG_LEVEL: 'trace',
    },
  })
  service = stack.use(started)
})
afterAll(() => stack.disposeAsync())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const init = jsonInit('POST', body)
  return service.call(path, { ...init, headers: { ...init.headers, ...headers } })
}

/** A spec whose names, password and reference nobody else may see. */
const spec = (more: object = {}) => ({
  ref: hide('ref'),
  subject: { commonName: hide('common name'), organization: hide('organization') },
  subjectAltNames: [{ type: 'dns', value: `${hide('name')}.example.com` }],
  attributes: { challengePassword: hide('challengePassword') },
  ...more,
})

const lines = () =>
  service
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line))

let single: { id: string; requestId: string }
let batchRequestId: string
/** Names of all calls below. */
const requestIds: string[] = []

test('a traced service answers as ever', async () => {
  const made = await post('/v1/requests', spec(), { traceparent, Prefer: 'wait=20' })
  expect(made.status).toBe(201)
  const { id } = (await made.json()) as { id: string }
  single = { id, requestId: made.headers.get('x-request-id') ?? '' }
  const batch = await service.call('/v1/batches', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: [1, 2, 3].map(() => JSON.stringify(spec({ ref: undefined }))).join('\n'),
  })
  expect(batch.status).toBe(202)
  batchRequestId = batch.headers.get('x-request-id') ?? ''
  const read = await service.call(`/v1/requests/${id}`)
  expect(await read.json()).toMatchObject({ id, state: 'ready' })
})

test('the whole life of a request works on a Redis in cluster mode', async () => {
  await using redis = await lookInto(redisUrl)
  expect(await redis.cluster('INFO')).toContain('cluster_slots_assigned:16384')
  const paths = await Promise.all(Array.from({ length: 6 }, () => service.create({})))
  for (const path of paths) opensslText(await csrOf(service, path))
  const put = await service.call('/certificatePolicy', jsonInit('PUT', { specName: 'CNSA' }))
  expect(put.status).toBe(200)
  for (const path of paths) {
    const deleted = await service.call(`/certificateSigningRequest/${path}`, { method: 'DELETE' })
    expect(deleted.status).toBe(200)
  }
})

test('secrets in every place where callers put them are taken or refused', async () => {
  const answers = await tellSecrets(service)
  for (const { what, status, requestId } of answers) {
    expect(status, what).toBeLessThan(500)
    expect(requestId, what).toMatch(/^[\w.-]+$/)
    requestIds.push(requestId)
  }
  // Some were really taken, some refused: both ways are looked at.
  expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(6)
  expect(answers.filter(({ status }) => status >= 400).length).toBeGreaterThan(6)
})

test('a request is followed from its call through the queue to what the worker did', async () => {
  await expect.poll(() => JSON.stringify(lines())).toContain('lot done')
  expect(await service.stop()).toBe(0)
  expect(service.output()).not.toMatch(/CROSSSLOT|"level":50/)
  const spans = collector.spans()
  const find = (name: string, parentSpanId?: string) =>
    spans.find(
      (span) =>
        span.name === name && (parentSpanId === undefined || span.parentSpanId === parentSpanId),
    )
  const call = spans.find(({ facts }) => facts['csr_foundry.request_id'] === single.requestId)
  expect(call).toMatchObject({
    ...{ name: 'POST /v1/requests', service: 'csr-foundry-api', kind: 2, traceId, failed: false },
    parentSpanId: 'b7ad6b7169203331',
    facts: {
      'http.request.method': 'POST',
      'http.route': '/v1/requests',
      'http.response.status_code': 201,
      'csr_foundry.dialect': 'native',
      'csr_foundry.path': single.id,
    },
  })
  expect(find('create-requests', call?.spanId)).toMatchObject({ kind: 3, traceId })
  const added = find('add fast.lot', call?.spanId)
  const lot = find('process fast', added?.spanId)
  expect(lot).toMatchObject({
    ...{ service: 'csr-foundry-worker', kind: 5, traceId },
    facts: { 'csr_foundry.paths': [single.id], 'csr_foundry.tenant': 'default' },
  })
  for (const step of ['start-lot', 'generate and sign', 'complete-lot']) {
    expect(find(step, lot?.spanId), step).toMatchObject({ traceId, failed: false })
  }
})

test("the lots of a batch have traces of their own, with a link to the batch's call", () => {
  const spans = collector.spans()
  const call = spans.find(({ facts }) => facts['csr_foundry.request_id'] === batchRequestId)
  const lots = spans.filter(({ links }) => links.some(({ spanId }) => spanId === call?.spanId))
  expect(lots.flatMap(({ facts }) => facts['csr_foundry.paths'])).toHaveLength(3)
  for (const lot of lots) {
    expect(lot.traceId).not.toBe(call?.traceId)
    expect(lot.parentSpanId).toBeUndefined()
  }
})

test('log lines have the id of the call, the path id and the trace', () => {
  const call = lines().find(({ requestId }) => requestId === single.requestId)
  expect(call).toMatchObject({ msg: 'call', csrPath: single.id, trace_id: traceId })
  const lot = lines().find(
    ({ msg, paths }) => msg === 'lot done' && `${paths}`.split(',').includes(single.id),
  )
  expect(lot).toMatchObject({ trace_id: traceId, tenant: 'default' })
  const traced = collector.spans().map(({ facts }) => facts['csr_foundry.request_id'])
  for (const requestId of requestIds) {
    expect(
      lines().some((line) => line.requestId === requestId),
      requestId,
    ).toBe(true)
    expect(traced, requestId).toContain(requestId)
  }
})

test('no secret is in the log or in what was exported', () => {
  const told = `${service.output()}\n${collector.text()}`
  expect(told.length).toBeGreaterThan(20_000)
  for (const [what, texts] of hide.all()) {
    for (const text of texts) expect(told.includes(text), what).toBe(false)
  }
  expect(told).not.toContain(password)
  expect(told).not.toContain(service.authorization.slice('Basic '.length))
  expect(told).not.toMatch(/PRIVATE KEY/)
})

test('the collector is told who exports, by the header of the file, and by nothing else of it', () => {
  const [headers] = collector.headers
  expect(headers?.authorization).toBe(`Bearer ${hide('of the collector')}`)
})
