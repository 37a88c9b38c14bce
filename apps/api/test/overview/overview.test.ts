import { figuresView, type OverviewView, overviewView } from '@csr-foundry/native-api'
import {
  completeLot,
  connectRedis,
  createRequests,
  deleteToken,
  listTokens,
  noteSupervisor,
  noteWorker,
  noteWorkerDeath,
  roles,
  startLot,
} from '@csr-foundry/records'
import { ServiceError, toProblem } from '@csr-foundry/service'
import { dataOfEvents } from '@csr-foundry/testing/server-sent-events'
import { expect, test } from 'vitest'
import { ask } from '../dialects/native/native-calls.ts'
import { defaultPlace as place } from '../start-api.ts'
import { withApi } from '../with-api.ts'

const api = withApi()

const overviewOf = async () => {
  const { status, body } = await ask<OverviewView>(api, '/v1/ops/overview')
  expect(status).toBe(200)
  return overviewView.parse(body)
}

const codesOf = ({ troubles }: OverviewView) => troubles.map(({ code }) => code)

const aWorker = {
  ...{ id: 'host-1:1', host: 'host-1', pid: 1, version: '0.1.0', lots: 0, draining: false },
  ...{ concurrency: { fast: 4, slow: 1 }, oldestLotMs: 0, eventLoopDelayMs: 1 },
}

/** Requests of one lot, of which some fail. */
async function work(ready: number, failing = 0): Promise<void> {
  const spec = {
    subject: [[{ type: 'CN' as const, value: 'secret-name.example.com' }]],
    subjectAltNames: [],
    key: { algorithm: 'ecdsa-p256' as const, digest: 'sha256' as const },
    custody: 'internal' as const,
  }
  const requests = Array.from({ length: ready + failing }, () => ({ spec }))
  const made = await createRequests(api.redis, place, { requests, lane: 'fast', priority: 0 })
  const run = { shard: place.shard, lot: made.ticket?.lot ?? '', take: 'test' }
  await startLot(api.redis, run)
  const one = { csr: Buffer.from('csr'), spki: Buffer.from('s'), sealed: Buffer.from('k') }
  const results = requests.map((_, at) => {
    const id = String(Number(made.firstId) + at)
    if (at >= ready) {
      const problem = toProblem(new ServiceError('csr_not_made'))
      return { id, state: 'failed', problem } as const
    }
    const key = { algorithm: 'ecdsa-p256', custody: 'internal' }
    return { id, state: 'ready', ...one, ...key } as const
  })
  await completeLot(api.redis, run, place.tenant, results)
}

test('without a worker process the overview says so, first of all', async () => {
  const { troubles } = await overviewOf()
  expect(troubles[0]).toMatchObject({
    ...{ code: 'no_workers', severity: 'critical', runbook: 'docs/runbook.md#no-workers' },
  })
})

test('it has what was done, what waits and who works, and nothing of any request', async () => {
  await noteWorker(api.redis, aWorker)
  await work(9, 2)
  const rate = async () => (await overviewOf()).rates.readyPerSecond
  await expect.poll(rate, { timeout: 5_000 }).toBeGreaterThan(0)
  const overview = await overviewOf()
  expect(overview.workers).toMatchObject([{ id: 'host-1:1', silent: false }])
  expect(overview.lanes[0]).toMatchObject({ lane: 'fast', paused: false })
  expect(overview.lanes[0]?.work?.p99).toBeGreaterThan(0)
  expect(overview.redis).toMatchObject({ reachable: true, aofEnabled: expect.any(Boolean) })
  expect(JSON.stringify(overview)).not.toContain('secret-name')
  const { body } = await ask(api, '/v1/ops/figures')
  const figures = figuresView.parse(body)
  expect(figures.points).toHaveLength(60)
  const ready = figures.points.reduce((sum, { lanes }) => sum + lanes.fast.ready, 0)
  expect(ready).toBe(9)
  expect(figures.failures).toEqual([{ code: 'csr_not_made', count: 2 }])
})

test('a day has steps of five minutes, which begin where they did a minute ago', async () => {
  const { body } = await ask(api, '/v1/ops/figures?range=day')
  const { stepSeconds, points } = figuresView.parse(body)
  expect(stepSeconds).toBe(300)
  expect(points.length).toBeGreaterThanOrEqual(288)
  for (const { at } of points) expect(Date.parse(at) % 300_000).toBe(0)
  expect(points.reduce((sum, { lanes }) => sum + lanes.fast.ready, 0)).toBe(9)
})

test('a worker that is silent, one that died, a lot that hangs and a master key that is gone are told of', async () => {
  await noteWorker(api.redis, { ...aWorker, oldestLotMs: 25_000 })
  await noteWorker(api.redis, { ...aWorker, id: 'host-1:2', pid: 2 })
  await api.redis.zincrby('workers', -11_000, 'host-1:2')
  await noteWorkerDeath(api.redis, 'host-1:3')
  await noteSupervisor(api.redis, { id: 'host-1:9', keyProvider: 'master_key_lost' })
  await expect
    .poll(async () => codesOf(await overviewOf()))
    .toEqual(
      expect.arrayContaining(['worker_silent', 'worker_died', 'lot_hangs', 'key_provider_down']),
    )
  const { troubles } = await overviewOf()
  const silent = troubles.find(({ code }) => code === 'worker_silent')
  expect(silent).toMatchObject({ about: 'host-1:2', severity: 'critical' })
})

test('while Redis stalls it is told of with the last overview, and for minutes after', async () => {
  const before = await overviewOf()
  const events = await follow(20)
  await expect.poll(() => events.told.length).toBeGreaterThan(0)
  const other = connectRedis(api.redisUrl, 'work', { onError: () => {} })
  await other.call('CLIENT', 'PAUSE', '6000', 'ALL')
  await expect.poll(() => events.told.flatMap(codesOf), { timeout: 8_000 }).toContain('redis_away')
  const away = events.told.find((one) => codesOf(one).includes('redis_away'))
  expect(away?.workers.map(({ id }) => id)).toEqual(before.workers.map(({ id }) => id))
  await expect.poll(async () => await other.ping(), { timeout: 8_000 }).toBe('PONG')
  await expect
    .poll(() => codesOf(events.told.at(-1) ?? before), { timeout: 8_000 })
    .toSatisfy(
      (codes: string[]) => codes.includes('redis_stalled') && !codes.includes('redis_away'),
    )
  events.stop()
  other.disconnect()
})

/** Follows the overview: what was told so far. */
async function follow(count: number, authorization?: string) {
  const stop = new AbortController()
  const response = await api.call(`/v1/ops/events?count=${count}`, {
    signal: stop.signal,
    ...(authorization && { headers: { authorization } }),
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const told: OverviewView[] = []
  let ended = false
  const reading = async () => {
    for await (const overview of dataOfEvents(response, 'overview')) {
      told.push(overviewView.parse(overview))
    }
    ended = true
  }
  reading().catch(() => {})
  return { told, ended: () => ended, stop: () => stop.abort() }
}

test('the events end with the token of who follows', async () => {
  const authorization = await api.bearer(roles)
  const { told, ended } = await follow(50, authorization)
  await expect.poll(() => told.length).toBeGreaterThan(0)
  const { tokens } = await listTokens(api.redis, place, { limit: 10 })
  for (const { id } of tokens) await deleteToken(api.redis, place, id, { name: 'test', roles })
  api.services.authenticator.accountsChanged()
  await expect.poll(ended, { timeout: 5_000 }).toBe(true)
})
