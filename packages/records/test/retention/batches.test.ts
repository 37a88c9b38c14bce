import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  changeBatches,
  leaseRetention,
  readAudit,
  readBatch,
  readRequest,
  retryBatch,
  retryRequest,
  shardTag,
  tenantKeys,
} from '../../src/index.ts'
import { changeAll, makeBatch, open, workOffAll } from '../batches/make-batches.ts'
import { whatIsLeft } from '../batches/what-is-left.ts'
import { create, failedResult, newTenant, readyResult, workOff } from '../make-requests.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { day, expireAll, idsFrom, makeBatchOlder, makeOlder, second } from './old-records.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  place = newTenant()
})

/** A batch of 300 rows in which all but every third was made. */
async function makeDone() {
  const { id, tickets } = await makeBatch(redis, place, { rows: 300 })
  const rows = idsFrom(Number(id) + 1, 300)
  await workOffAll(redis, tickets, (path) =>
    Number(path) % 3 === 0 ? failedResult(path) : readyResult(path),
  )
  return { id, rows }
}

test('a batch goes whole when all of it has been settled for so long, by the sweep, and leaves nothing', async () => {
  const batch = await makeDone()
  await makeBatchOlder(redis, place, batch, day - 5 * second)
  expect(await expireAll(redis, place, { keys: 'delete' })).toMatchObject({ batches: 0 })
  expect(await readBatch(redis, place, batch.id)).toMatchObject({ counts: { ready: 200 } })
  await makeBatchOlder(redis, place, batch, 5 * second)
  const removed = await expireAll(redis, place, { keys: 'delete' })
  expect(removed).toMatchObject({ batches: 1, requests: 0 })
  expect(await readBatch(redis, place, batch.id)).toBeUndefined()
  await changeBatches(redis, place.shard, { blocks: 100 })
  const { retention } = tenantKeys(place.shard, place.tenant)
  const left = await whatIsLeft(redis, place)
  expect(left).toEqual({ counts: {}, lots: [], keys: [retention] })
})

test('old rows stay while one of their batch was settled later, or waits', async () => {
  const batch = await makeDone()
  await makeBatchOlder(redis, place, batch, 10 * day)
  const ticket = await retryRequest(redis, place, '3', { priority: 0 })
  if (typeof ticket === 'string') throw new Error(ticket)
  expect(await expireAll(redis, place)).toMatchObject({ batches: 0, requests: 0 })
  await workOff(redis, place, { ids: ['3'], ticket })
  expect(await expireAll(redis, place)).toMatchObject({ batches: 0, requests: 0 })
  expect(await readRequest(redis, place, '2')).toMatchObject({ state: 'ready' })
  await makeBatchOlder(redis, place, batch, day)
  expect(await expireAll(redis, place)).toMatchObject({ batches: 1 })
})

test('a batch that comes in, or is being changed, stays', async () => {
  const id = await open(redis, place)
  await makeBatchOlder(redis, place, { id, rows: [] }, 10 * day)
  const batch = await makeDone()
  await makeBatchOlder(redis, place, batch, 10 * day)
  await retryBatch(redis, place, batch.id)
  expect(await expireAll(redis, place)).toMatchObject({ batches: 0, requests: 0 })
  await workOffAll(redis, await changeAll(redis, place, batch.id))
  await makeBatchOlder(redis, place, batch, 10 * day)
  expect(await expireAll(redis, place)).toMatchObject({ batches: 1 })
  expect(await readBatch(redis, place, id)).toMatchObject({ state: 'taking' })
})

test('single requests between batches go by themselves, and rows are passed once', async () => {
  const batch = await makeDone()
  const single = await create(redis, place)
  await workOff(redis, place, single)
  const younger = await makeDone()
  await makeOlder(redis, place, [...batch.rows, ...single.ids], 2 * day)
  await redis.hincrby(tenantKeys(place.shard, place.tenant).batch(batch.id), 'created', -2 * day)
  expect(await expireAll(redis, place)).toMatchObject({ batches: 0, requests: 1 })
  const { retention } = tenantKeys(place.shard, place.tenant)
  expect(await redis.hget(retention, 'next')).toBe(younger.rows[0])
  expect(await redis.exists(tenantKeys(place.shard, place.tenant).retentionLater)).toBe(0)
})

test('more batches than one step takes go, and the audit names each and its rows', async () => {
  for (let i = 0; i < 120; i++) {
    const { id, tickets } = await makeBatch(redis, place, { rows: 1 })
    await workOffAll(redis, tickets)
    await makeBatchOlder(redis, place, { id, rows: [String(Number(id) + 1)] }, 2 * day)
  }
  expect(await expireAll(redis, place, { keys: 'delete' })).toMatchObject({ batches: 120 })
  await changeBatches(redis, place.shard, { blocks: 500 })
  const { entries } = await readAudit(redis, place, { limit: 480 })
  const told = entries.filter(({ actor }) => actor.by === 'retention')
  const of = (action: string) => told.filter((entry) => entry.action === action)
  expect(of('batch.delete')).toHaveLength(120)
  expect(of('request.delete').flatMap(({ ids }) => ids)).toHaveLength(120)
  expect(of('key.delete')).toHaveLength(120)
  expect((await whatIsLeft(redis, place)).counts).toEqual({})
})

test('one at a time has the lease, until it leaves it', async () => {
  const shard = shardTag(0)
  expect(await leaseRetention(redis, shard, 'one')).toBe(true)
  expect(await leaseRetention(redis, shard, 'two')).toBe(false)
  expect(await leaseRetention(redis, shard, 'one')).toBe(true)
  expect(await leaseRetention(redis, shardTag(1), 'two')).toBe(true)
})
