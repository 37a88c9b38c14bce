import { shardTag } from '@csr-foundry/records'
import { createLogger, Secret, startTracing, traceCall, traceStep } from '@csr-foundry/service'
import { startCollector } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, onTestFinished, test } from 'vitest'
import { LotQueues, LotWorker, queueTelemetry } from '../src/index.ts'
import { create, marker, newTenant, startQueue } from './start-queue.ts'

leakGuard()
const shard = shardTag(0)
const lane = 'fast'

test('while tracing is off queues have no telemetry', async () => {
  expect(await queueTelemetry()).toBeUndefined()
})

test('a lot is in the trace of the call that queued it, or links to it; its job says that and nothing else', async () => {
  await using queue = await startQueue([shard])
  const { redis } = queue
  await using collector = await startCollector()
  const log = createLogger('test', 'fatal')
  const tracing = await startTracing(
    {
      ...{ url: `${collector.url}/v1/traces`, headers: new Secret({}), serviceName: 'test' },
      ...{ sampler: 'always_on', ratio: 1 },
    },
    log,
  )
  onTestFinished(() => tracing.stop())
  const telemetry = await queueTelemetry()
  const queues = new LotQueues(redis, [shard], () => {}, telemetry)
  const { ticket: single } = await create(redis, newTenant())
  const many = [await create(redis, newTenant()), await create(redis, newTenant())]
  const { ticket: alone } = await create(redis, newTenant())
  const call = (name: string, work: () => Promise<void>) =>
    traceCall({
      ...{ traceparent: undefined, work },
      answered: () => ({ name, facts: {}, failed: false }),
    })
  await call('single', () => queues.add(single))
  await call('batch', () => queues.addAll(many.map(({ ticket }) => ticket)))
  await queues.add(alone)

  for (const { lot } of [single, alone, ...many.map(({ ticket }) => ticket)]) {
    const { data, opts, ...rest } = await redis.hgetall(`${shard}:${lane}:lot-${lot}`)
    expect(data).toBe('{}')
    const { tm = '{}' } = JSON.parse(opts ?? '')
    expect(tm).toMatch(/^\{("(traceparent|link)":"[\da-f-]{55}")?\}$/)
    expect(Object.keys(rest).toSorted()).toEqual(['delay', 'name', 'priority', 'timestamp'])
    expect(JSON.stringify({ opts, rest })).not.toContain(marker)
  }

  let left = 4
  const { promise: all, resolve } = Promise.withResolvers<void>()
  const worker = new LotWorker(redis, {
    ...{ shard, lane, concurrency: 1, telemetry },
    process: async () => {
      await traceStep({ name: 'step' }, async () => {})
      if (--left === 0) resolve()
      return { done: true }
    },
    giveBack: async () => {},
    onError: () => {},
  })
  await all
  await worker.hold()
  await worker.drain(5_000)
  await queues.close()
  await tracing.stop()

  const spans = collector.spans()
  const named = (name: string) => spans.filter((span) => span.name === name)
  const spanOf = (lot: string) =>
    named(`process ${lane}`).find(({ facts }) => facts['bullmq.job.id'] === `lot-${lot}`)
  const [singleCall] = named('single')
  const [batchCall] = named('batch')
  const [added] = named(`add ${lane}.lot`)
  expect(added).toMatchObject({ parentSpanId: singleCall?.spanId, kind: 4 })
  expect(spanOf(single.lot)).toMatchObject({
    ...{ traceId: singleCall?.traceId, parentSpanId: added?.spanId, kind: 5, links: [] },
  })
  const { traceId, spanId } = batchCall ?? {}
  for (const { ticket } of many) {
    const span = spanOf(ticket.lot)
    expect(span?.links).toMatchObject([{ traceId, spanId }])
    expect(span?.parentSpanId).toBeUndefined()
    expect(span?.traceId).not.toBe(traceId)
  }
  expect(spanOf(alone.lot)).toMatchObject({ links: [] })
  expect(spanOf(alone.lot)?.parentSpanId).toBeUndefined()
  expect(named('step').map(({ parentSpanId }) => parentSpanId)).toEqual(
    named(`process ${lane}`).map(({ spanId }) => spanId),
  )
  const known = /^(single|batch|step|add fast\.lot|addBulk fast|process fast|complete fast)$/
  expect(spans.filter(({ name }) => !known.test(name))).toEqual([])
})
