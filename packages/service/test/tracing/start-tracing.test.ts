import { setTimeout as delay } from 'node:timers/promises'
import { type Collector, startCollector } from '@csr-foundry/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createLogger,
  isTracing,
  noteOnSpan,
  type RunningTracing,
  Secret,
  startTracing,
  type Tracing,
  takesStep,
  traceCall,
  traceIds,
  traceparent,
  traceStep,
} from '../../src/index.ts'

let collector: Collector
let running: RunningTracing | undefined
let logged: string

beforeEach(async () => {
  collector = await startCollector()
  logged = ''
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  await collector[Symbol.asyncDispose]()
})

const log = createLogger('test', 'info', {
  write: (line) => {
    logged += line
  },
})
const lines = () =>
  logged
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

async function begin(changes: Partial<Tracing> = {}): Promise<void> {
  const tracing: Tracing = {
    url: `${collector.url}/v1/traces`,
    headers: new Secret({ authorization: 'Bearer of-the-collector' }),
    serviceName: 'csr-foundry-test',
    sampler: 'parentbased_always_on',
    ratio: 1,
  }
  running = await startTracing({ ...tracing, ...changes }, log)
}

/** Ends it, and gives what was exported by then. */
async function exported() {
  await running?.stop()
  running = undefined
  return collector.spans()
}

const call = (work: () => Promise<void>, traceparent?: string, failed = false) =>
  traceCall({ traceparent, work, answered: () => ({ name: 'GET /x', facts: { a: '1' }, failed }) })

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parent = 'b7ad6b7169203331'

test('without an endpoint nothing is traced, and all work is done', async () => {
  running = await startTracing(undefined, log)
  expect(isTracing()).toBe(false)
  expect(takesStep()).toBe(false)
  let done = 0
  await call(async () => {
    done += await traceStep({ name: 'step' }, async () => 1)
    noteOnSpan({ a: '1' })
    expect([traceIds(), traceparent()]).toEqual([undefined, undefined])
    log.info({}, 'line')
  })
  expect(done).toBe(1)
  expect(lines()).toEqual([expect.not.objectContaining({ trace_id: expect.anything() })])
})

test('a call goes on with the trace of its caller, its steps are below it, and its log lines name it', async () => {
  await begin()
  await call(async () => {
    await traceStep({ name: 'outer' }, async () => {
      await traceStep({ name: 'create', isRemote: true, facts: { script: 'x' } }, () => delay(1))
    })
    noteOnSpan({ b: ['2', '3'] })
    log.info({}, 'line')
  }, `00-${traceId}-${parent}-01`)
  const spans = await exported()
  const named = (name: string) => spans.find((span) => span.name === name)
  expect(spans).toHaveLength(3)
  expect(named('GET /x')).toMatchObject({
    ...{ traceId, parentSpanId: parent, kind: 2, failed: false, service: 'csr-foundry-test' },
    facts: { a: '1', b: ['2', '3'] },
  })
  expect(named('outer')).toMatchObject({ traceId, parentSpanId: named('GET /x')?.spanId, kind: 1 })
  expect(named('create')).toMatchObject({ parentSpanId: named('outer')?.spanId, kind: 3 })
  expect(lines()[0]).toMatchObject({ trace_id: traceId, span_id: named('GET /x')?.spanId })
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer of-the-collector' })
})

test('no variable of the environment counts by itself', async () => {
  const variables = {
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-of-the-environment=1',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-of-the-environment=2',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere',
    OTEL_RESOURCE_ATTRIBUTES: 'of.the.environment=3',
    OTEL_SERVICE_NAME: 'of-the-environment',
    OTEL_TRACES_SAMPLER: 'always_off',
    OTEL_SDK_DISABLED: 'true',
    OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '1',
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '0',
    OTEL_BSP_MAX_QUEUE_SIZE: '0',
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  await begin()
  await call(async () => noteOnSpan({ long: 'whole' }))
  const [span] = await exported()
  vi.unstubAllEnvs()
  expect(collector.headers[0]).not.toHaveProperty('x-of-the-environment')
  expect(collector.headers[0]).not.toHaveProperty('content-encoding')
  expect(span).toMatchObject({ service: 'csr-foundry-test', facts: { a: '1', long: 'whole' } })
  expect(collector.text()).not.toContain('of.the.environment')
})

test.each(['', 'x', `00-${'0'.repeat(32)}-${parent}-01`, `ff-${traceId}-${parent}-01`])(
  'a traceparent that is none begins a new trace: %j',
  async (given) => {
    await begin()
    await call(async () => {}, given)
    const [span] = await exported()
    expect(span?.parentSpanId).toBeUndefined()
    expect(span?.traceId).not.toBe(traceId)
  },
)

test('what its caller does not export is not exported, unless the sampler asks nobody', async () => {
  const notSampled = `00-${traceId}-${parent}-00`
  await begin()
  await call(async () => {}, notSampled)
  expect(await exported()).toEqual([])
  await begin({ sampler: 'traceidratio', ratio: 1 })
  await call(async () => {}, notSampled)
  expect(await exported()).toHaveLength(1)
  await begin({ sampler: 'parentbased_traceidratio', ratio: 0 })
  await call(async () => {})
  expect(await exported()).toHaveLength(1)
})

test('what fails is marked by its kind, never by its words', async () => {
  await begin()
  const error = Object.assign(new Error('hidden words'), { code: 'ECONNRESET' })
  const step = () => traceStep({ name: 'step' }, () => Promise.reject(error))
  await call(async () => {
    await expect(step()).rejects.toBe(error)
  })
  await expect(call(() => Promise.reject(new RangeError('hidden words')))).rejects.toThrow()
  await call(async () => {}, undefined, true)
  const spans = await exported()
  expect(spans.map(({ failed, facts }) => [failed, facts['error.type']])).toEqual([
    [true, 'ECONNRESET'],
    [false, undefined],
    [true, 'RangeError'],
    [true, undefined],
  ])
  expect(collector.text()).not.toContain('hidden')
})

test('a step of nothing, of a call that has ended, or after 500 others has no span', async () => {
  await begin()
  const step = () => traceStep({ name: 'step' }, async () => {})
  await step()
  let late: (() => Promise<void>) | undefined
  await call(async () => {
    for (let i = 0; i < 510; i++) await step()
    const { promise, resolve } = Promise.withResolvers<void>()
    const later = promise.then(step)
    late = () => {
      resolve()
      return later
    }
  })
  await late?.()
  const spans = await exported()
  expect(spans.filter(({ name }) => name === 'step')).toHaveLength(500)
})

test('a collector that refuses or is away costs one line a minute, and two seconds at the end', async () => {
  await begin()
  collector.answer(400)
  for (let i = 0; i < 1_100; i++) await call(async () => {})
  await vi.waitFor(() => expect(lines()).toHaveLength(1), 5_000)
  expect(lines()[0]).toMatchObject({ level: 40, reason: 'HTTP 400', msg: 'traces not exported' })
  await running?.stop()
  const { port } = new URL(collector.url)
  await collector[Symbol.asyncDispose]()
  await begin({ url: `http://127.0.0.1:${port}/v1/traces` })
  await call(async () => {})
  const began = performance.now()
  await running?.stop()
  expect(performance.now() - began).toBeLessThan(2_500)
  running = undefined
  expect(lines()).toHaveLength(1)
  collector = await startCollector()
})
