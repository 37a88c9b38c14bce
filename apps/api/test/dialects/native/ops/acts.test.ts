import {
  concurrencyBody,
  deadLotListView,
  failuresView,
  laneState,
  retriedLotView,
  retriedView,
  workerOrders,
} from '@csr-foundry/native-api'
import {
  findLostLots,
  installationKeys,
  readAudit,
  readOrders,
  shardTag,
  startLot,
} from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { defaultPlace } from '../../../start-api.ts'
import { withApi } from '../../../with-api.ts'
import { ask as askOf, edge, post, send as sendOf } from '../native-calls.ts'
import { take } from '../play-worker.ts'

const api = withApi()
type Body = Record<string, unknown>
const ask = (path: string, method = 'GET') => askOf<Body>(api, `/v1/ops${path}`, { method })
const send = (method: string, path: string, body: unknown) =>
  sendOf<Body>(api, method, `/v1/ops${path}`, body)
const newest = async () => (await readAudit(api.redis, defaultPlace, { limit: 1 })).entries[0]

test('a paused lane takes requests in, which wait, and the service stays ready', async () => {
  const paused = await ask('/lanes/fast/pause', 'POST')
  expect([paused.status, laneState.parse(paused.body)]).toEqual([
    200,
    { lane: 'fast', paused: true },
  ])
  expect(await newest()).toMatchObject({ action: 'lane.pause', ids: ['fast'], outcome: 'done' })
  expect(await api.services.queues.isPaused('fast')).toBe(true)

  const native = await post(api, edge)
  expect(native.status).toBe(202)
  expect(Number(native.headers.get('retry-after'))).toBeGreaterThanOrEqual(45)
  const held = await askOf(api, `/v1/requests/${native.body.id}`, { headers: { prefer: 'wait=1' } })
  expect([held.status, held.body.state]).toEqual([200, 'queued'])
  await ask('/lanes/slow/pause', 'POST')
  const lxca = await api.create({ CommonName: 'a.example.com' })
  expect(lxca.status).toBe(200)
  const fastly = await sendOf<Body>(
    ...([api, 'POST', '/tls/certificate_signing_requests'] as const),
    { data: { type: 'csr', attributes: { sans: ['a.example.com'], key_type: 'ECDSA256' } } },
  )
  expect(fastly.status).toBe(202)
  expect(Number(fastly.headers.get('retry-after'))).toBeGreaterThan(0)
  // Without a vault this API is not ready whatever is paused: the master key is another test's.
  await api.redis.hset(installationKeys.masters, 'current', 'test')
  expect((await askOf<Body>(api, '/readyz')).body).toMatchObject({ ready: true })
  const all = { offset: 0, limit: 500, leastAge: 0 }
  expect((await findLostLots(api.redis, shardTag(0), all)).tickets).toEqual([])

  for (const lane of ['fast', 'slow']) {
    const resumed = await ask(`/lanes/${lane}/resume`, 'POST')
    expect([resumed.status, resumed.body]).toEqual([200, { lane, paused: false }])
  }
  expect(await newest()).toMatchObject({ action: 'lane.resume', ids: ['slow'] })
  expect(await api.services.queues.load(shardTag(0), 'fast')).toEqual({ waiting: 2, active: 0 })
})

test('workers are drained, resumed and given another concurrency by their id', async () => {
  const id = 'host-1.example:4711'
  await api.redis.zadd(installationKeys.workers, Date.now(), id)
  const drained = await ask(`/workers/${id}/drain`, 'POST')
  const none = { draining: true, concurrency: {} }
  expect([drained.status, workerOrders.parse(drained.body)]).toEqual([200, { id, ...none }])
  expect(await newest()).toMatchObject({ action: 'worker.drain', ids: [id] })
  const changed = await send('PATCH', `/workers/${id}/concurrency`, { slow: 1 })
  expect(changed.body).toEqual({ id, draining: true, concurrency: { slow: 1 } })
  expect(await newest()).toMatchObject({ action: 'concurrency.change', ids: [id, 'slow=1'] })
  const forAll = await send('PATCH', '/concurrency', { fast: 8, slow: 3 })
  expect([forAll.status, concurrencyBody.parse(forAll.body)]).toEqual([200, { fast: 8, slow: 3 }])
  expect(await newest()).toMatchObject({ ids: ['all', 'fast=8', 'slow=3'] })
  expect((await ask('/concurrency')).body).toEqual({ fast: 8, slow: 3 })
  expect(await readOrders(api.redis, id)).toEqual({
    ...{ draining: true, concurrency: { fast: 8, slow: 1 } },
  })
  expect((await ask(`/workers/${id}/resume`, 'POST')).body).toMatchObject({ draining: false })
  expect(await newest()).toMatchObject({ action: 'worker.resume', ids: [id] })
  await send('PATCH', '/concurrency', { fast: null })
  expect(await newest()).toMatchObject({ ids: ['all', 'fast=none'] })
  expect((await ask('/concurrency')).body).toEqual({ slow: 3 })
})

test('dead lots are listed and retried', async () => {
  const { id } = (await post(api, edge)).body
  const lot = (await api.redis.hget(`{s10}:t:default:request:${id}`, 'lot')) ?? ''
  for (const take of ['1', '2', '3']) await startLot(api.redis, { shard: '{s10}', lot, take })
  const { body } = await ask('/dead-lots?limit=1')
  const { deadLots, next } = deadLotListView.parse(body)
  expect(deadLots).toMatchObject([{ id: `0-${lot}`, tenant: 'default', path: id, lane: 'fast' }])
  expect((await ask(`/dead-lots?cursor=${next}`)).body).toEqual({ deadLots: [] })
  const retried = await ask(`/dead-lots/0-${lot}/retry`, 'POST')
  expect([retried.status, retriedLotView.parse(retried.body)]).toEqual([
    202,
    { tenant: 'default', path: id },
  ])
  expect(await askOf(api, `/v1/requests/${id}`)).toMatchObject({ body: { state: 'queued' } })
  expect((await ask(`/dead-lots/0-${lot}/retry`, 'POST')).body).toMatchObject({
    code: 'dead_lot_not_found',
  })
})

test('failures are told by code and retried by code, and their jobs are queued', async () => {
  const { id } = (await post(api, edge)).body
  await (await take(api.redis, id)).fail()
  const { groups } = failuresView.parse((await ask('/failures')).body)
  expect(groups).toEqual([
    { code: 'csr_not_made', count: 1, tenants: [{ tenant: 'default', count: 1, newest: [id] }] },
  ])
  const before = (await api.services.queues.load(shardTag(0), 'fast')).waiting
  const wrong = await send('POST', '/failures/retry', { code: 'csr_not_made', tenant: 'acme' })
  expect(wrong.body).toEqual({ retried: 0 })
  const retried = await send('POST', '/failures/retry', { code: 'csr_not_made' })
  expect([retried.status, retriedView.parse(retried.body)]).toEqual([202, { retried: 1 }])
  expect((await api.services.queues.load(shardTag(0), 'fast')).waiting).toBe(before + 1)
  expect(await newest()).toMatchObject({ action: 'request.retry', ids: [id] })
})

test('bad input is told of by its name', async () => {
  const refusals = [
    [await ask('/lanes/medium/pause', 'POST'), '/lane', 'must be fast or slow'],
    [await ask('/workers/nobody/drain', 'POST'), '/id', 'must be the id of a worker'],
    [await send('PATCH', '/concurrency', { fast: 0 }), '/fast', 'at least 1'],
    [await send('PATCH', '/concurrency', { fast: 65 }), '/fast', 'at most 64'],
    [await send('PATCH', '/concurrency', { medium: 1 }), '/medium', 'not known'],
    [await ask('/dead-lots/7/retry', 'POST'), '/id', 'must be the id of a dead lot'],
    [await ask('/dead-lots?cursor=x'), '/cursor', 'is not a cursor'],
    [await send('POST', '/failures/retry', { code: 'none' }), '/code', 'must be the code'],
    [
      await send('POST', '/failures/retry', { code: 'internal', cursor: 'e30' }),
      '/cursor',
      'is not a cursor',
    ],
  ] as const
  for (const [{ status, body }, pointer, detail] of refusals) {
    const errors = body.errors as { pointer: string; detail: string }[]
    expect([status, errors?.[0]?.pointer.replace(/^(?!\/)/, '/')]).toEqual([400, pointer])
    expect(errors[0]?.detail).toContain(detail)
  }
  expect((await ask('/workers/host:1/drain', 'POST')).body).toMatchObject({
    code: 'worker_not_found',
  })
})
