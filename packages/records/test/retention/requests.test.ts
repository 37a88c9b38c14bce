import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  cancelRequest,
  deleteRequest,
  expire,
  readAudit,
  readRequest,
  retryRequest,
  startLot,
  type TenantPlace,
  tenantKeys,
  walkRequests,
} from '../../src/index.ts'
import { makeBatch } from '../batches/make-batches.ts'
import { whatIsLeft } from '../batches/what-is-left.ts'
import { create, failedResult, newRun, newTenant, workOff } from '../make-requests.ts'
import { snapshot } from '../snapshot.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { day, expireAll, makeOlder, second } from './old-records.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  place = newTenant()
})

const stateOf = async (place: TenantPlace, id: string) =>
  (await readRequest(redis, place, id))?.state

/** Ready requests, each in a lot of its own. */
async function makeReady(place: ReturnType<typeof newTenant>, count: number): Promise<string[]> {
  const created = await create(redis, place, count)
  await workOff(redis, place, created)
  return created.ids
}

const hmgets = async () =>
  Number(/cmdstat_hmget:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0)

test('what is settled for longer goes, whatever its end was, and leaves nothing; what is younger stays', async () => {
  const ready = await create(redis, place, 2)
  await workOff(redis, place, ready)
  const failed = await create(redis, place, 2)
  await workOff(redis, place, failed, failedResult)
  const cancelled = await create(redis, place)
  await cancelRequest(redis, place, '5')
  const old = [...ready.ids, ...failed.ids, ...cancelled.ids]
  await makeOlder(redis, place, old, 30 * day + second)
  const young = await makeReady(place, 1)
  await makeOlder(redis, place, young, 30 * day - 5 * second)
  expect(await expireAll(redis, place, { days: 31, keys: 'delete' })).toMatchObject({ requests: 0 })
  const removed = await expireAll(redis, place, { days: 30, keys: 'delete' })
  expect(removed).toMatchObject({ requests: 5, keys: 2 })
  expect(await stateOf(place, '6')).toBe('ready')
  await makeOlder(redis, place, young, 5 * second)
  await expireAll(redis, place, { days: 30, keys: 'delete' })
  const left = await whatIsLeft(redis, place)
  const { retention } = tenantKeys(place.shard, place.tenant)
  expect(left).toEqual({ counts: {}, lots: [], keys: [retention] })
})

test('what is queued stays, however old, and goes when it has been settled for long enough', async () => {
  const waiting = await create(redis, place)
  const running = await create(redis, place)
  await startLot(redis, newRun(running.ticket))
  const done = await makeReady(place, 1)
  await makeOlder(redis, place, ['1', '2', ...done], 400 * day)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 1 })
  expect([await stateOf(place, '1'), await stateOf(place, '2')]).toEqual(['queued', 'queued'])
  // It was passed over long ago, and is looked at again all the same.
  await workOff(redis, place, waiting)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 0 })
  await makeOlder(redis, place, ['1'], day)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 1 })
  expect(await stateOf(place, '1')).toBeUndefined()
  expect(await redis.hgetall(tenantKeys(place.shard, place.tenant).counts)).toMatchObject({
    ...{ queued: '1', ready: '0' },
  })
})

test('a retry begins the time anew', async () => {
  const failing = await create(redis, place)
  await workOff(redis, place, failing, failedResult)
  await makeOlder(redis, place, ['1'], 10 * day)
  const ticket = await retryRequest(redis, place, '1', { priority: 0 })
  if (typeof ticket === 'string') throw new Error(ticket)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 0 })
  await workOff(redis, place, { ids: ['1'], ticket }, failedResult)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 0 })
  await makeOlder(redis, place, ['1'], day)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 1 })
})

test('a lot that was set aside goes with its request', async () => {
  const { ticket } = await create(redis, place)
  for (let i = 0; i < 3; i++) await startLot(redis, newRun(ticket))
  expect(await stateOf(place, '1')).toBe('failed')
  expect((await whatIsLeft(redis, place)).lots).toHaveLength(1)
  await makeOlder(redis, place, ['1'], 2 * day)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 1 })
  expect((await whatIsLeft(redis, place)).lots).toEqual([])
})

test('gaps of ids are stepped over, and records that are gone are passed once', async () => {
  const { nextId, retention } = tenantKeys(place.shard, place.tenant)
  const before = await makeReady(place, 3)
  await redis.hset(nextId, 'next', '300004', 'gap:4', '100003', 'gap:100004', '300003')
  const after = await makeReady(place, 2)
  expect(after[0]).toBe('300004')
  expect(await deleteRequest(redis, place, '2')).toBe(true)
  await makeOlder(redis, place, [...before, ...after], 2 * day)
  await redis.hdel(tenantKeys(place.shard, place.tenant).request('2'), 'created', 'finished')
  const removed = await expireAll(redis, place, { keys: 'delete' })
  expect(removed).toMatchObject({ requests: 4, steps: expect.any(Number) })
  expect(removed.steps).toBeLessThan(5)
  expect(await redis.hget(retention, 'next')).toBe('300006')
})

test('what was passed is not read again, but for what had to stay', async () => {
  const old = await create(redis, place, 600)
  await makeOlder(redis, place, old.ids.slice(0, 300), 2 * day)
  await workOff(redis, place, old)
  await makeOlder(redis, place, old.ids, 2 * day)
  await makeOlder(redis, place, ['600'], -2 * day)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 599 })
  await makeReady(place, 300)
  const before = await hmgets()
  expect(await expireAll(redis, place)).toMatchObject({ requests: 0 })
  expect((await hmgets()) - before).toBeLessThan(5)
})

test('a request that says it was made in the future holds up none of those after it', async () => {
  const ids = await makeReady(place, 3)
  await makeOlder(redis, place, ids, 2 * day)
  await makeOlder(redis, place, ['1'], -400 * day)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 2 })
  await makeOlder(redis, place, ['1'], 400 * day)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 1 })
})

test('a run that was cut off anywhere is gone on with, and two at once remove each once', async () => {
  const queued = await create(redis, place, 50)
  const ready = await makeReady(place, 900)
  await makeOlder(redis, place, [...queued.ids, ...ready], 2 * day)
  const retention = { days: 1, keys: 'keep' } as const
  const cut = expire(redis, place, retention)
  for (let i = 0; i < 4; i++) await cut.next()
  await cut.return()
  const { counts, keys } = tenantKeys(place.shard, place.tenant)
  const left = Number(await redis.hget(counts, 'ready'))
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(900)
  const both = await Promise.all([expireAll(redis, place), expireAll(redis, place)])
  expect(both.reduce((sum, { requests }) => sum + requests, 0)).toBe(left)
  expect(await redis.hgetall(counts)).toMatchObject({ queued: '50', ready: '0' })
  expect(await redis.zcard(keys)).toBe(900)
  await workOff(redis, place, queued)
  expect(await redis.hgetall(counts)).toMatchObject({ queued: '0', ready: '50' })
})

test('it works in a full Redis', async () => {
  const ids = await makeReady(place, 120)
  await makeOlder(redis, place, ids, 2 * day)
  await redis.config('SET', 'maxmemory', 1)
  const removed = await expireAll(redis, place, { keys: 'delete' })
  await redis.config('SET', 'maxmemory', 0)
  expect(removed).toMatchObject({ requests: 120 })
})

test('the audit says by itself what went, requests and keys, before it goes', async () => {
  const ids = await makeReady(place, 4)
  await create(redis, place, 1, { keyId: '2' })
  await makeOlder(redis, place, ids.slice(0, 3), 2 * day)
  await expireAll(redis, place, { keys: 'delete' })
  const { entries } = await readAudit(redis, place, { limit: 2 })
  expect(entries.reverse()).toMatchObject([
    { actor: { by: 'retention' }, action: 'request.delete', ids: ['1-3'], outcome: '3 removed' },
    { actor: { by: 'retention' }, action: 'key.delete', ids: ['1', '3'], outcome: '2 removed' },
  ])
})

test('where nothing is old enough nothing is written; another tenant keeps its own', async () => {
  const [place, other] = [newTenant(), newTenant()]
  await makeReady(place, 3)
  const ids = await makeReady(other, 3)
  await makeOlder(redis, other, ids, 2 * day)
  const before = await snapshot(redis)
  expect(await expireAll(redis, place)).toMatchObject({ requests: 0, batches: 0 })
  expect(await expireAll(redis, newTenant())).toMatchObject({ requests: 0, batches: 0 })
  expect(await snapshot(redis)).toEqual(before)
})

test('a list ends where nothing is left, and shows what had to stay', async () => {
  const { nextId } = tenantKeys(place.shard, place.tenant)
  await redis.hset(nextId, 'next', '40001')
  const waiting = await create(redis, place)
  const old = await makeReady(place, 300)
  const [young = ''] = await makeReady(place, 1)
  await makeOlder(redis, place, [...waiting.ids, ...old], 2 * day)
  const shown = async () => {
    const { requests, next } = await walkRequests(redis, place, { limit: 100 })
    return { ids: requests.map(({ id }) => id), isMore: next !== undefined }
  }
  await expireAll(redis, place)
  expect(await shown()).toEqual({ ids: [young, ...waiting.ids], isMore: false })
  await workOff(redis, place, waiting)
  await makeOlder(redis, place, waiting.ids, 2 * day)
  const { id } = await makeBatch(redis, place, { rows: 2 })
  await expireAll(redis, place)
  const rows = [String(Number(id) + 2), String(Number(id) + 1)]
  expect(await shown()).toEqual({ ids: [...rows, young], isMore: false })
})

test('ids that went are not given again', async () => {
  await makeOlder(redis, place, await makeReady(place, 3), 2 * day)
  await expireAll(redis, place, { keys: 'delete' })
  expect((await create(redis, place)).ids).toEqual(['4'])
})
