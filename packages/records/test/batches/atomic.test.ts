import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ActingPlace,
  abandonIntake,
  breakIntakes,
  cancelBatch,
  cancelRequest,
  changeBatches,
  changeBlocks,
  deleteRequest,
  endIntake,
  findLostLots,
  holdIntake,
  openBatch,
  readBatch,
  readBlockResults,
  readRequest,
  shardKeys,
  startLot,
  tenantKeys,
  walkRequests,
} from '../../src/index.ts'
import { newRun, newTenant } from '../make-requests.ts'
import { snapshot } from '../snapshot.ts'
import { type Records, startRecords } from '../start-records.ts'
import {
  blocksOf,
  changeAll,
  newOwner,
  open,
  rejectEvery,
  takeAll,
  workOffAll,
} from './make-batches.ts'
import { whatIsLeft } from './what-is-left.ts'

leakGuard()
let records: Records
let redis: Redis
beforeAll(async () => {
  records = await startRecords()
  redis = records.redis
})
afterAll(() => records.stop())
beforeEach(() => redis.flushall())

async function takenIn(place: ActingPlace, isRejected?: (row: number) => boolean) {
  const owner = newOwner()
  const once = { call: 'hash of the call' }
  const id = await open(redis, place, { owner, mode: 'atomic', once })
  const blocks = blocksOf({ rows: 600, ...(isRejected && { isRejected }) }, owner)
  const answers = await takeAll(redis, place, id, blocks)
  expect(answers.map((one) => one.kind === 'taken' && one.tickets.length)).toEqual([0, 0, 0])
  return { id, owner }
}

test('nobody sees, changes or makes a request of an atomic batch before all of it is in', async () => {
  const place = newTenant()
  const { id } = await takenIn(place)
  const before = await snapshot(redis)
  expect(await readRequest(redis, place, '2')).toBeUndefined()
  expect((await walkRequests(redis, place, { limit: 100 })).requests).toEqual([])
  expect((await walkRequests(redis, place, { limit: 100, state: 'queued' })).requests).toEqual([])
  expect(await readBlockResults(redis, place, id, 0)).toEqual([])
  expect(await cancelRequest(redis, place, '2')).toBe(false)
  expect(await deleteRequest(redis, place, '2')).toBe(false)
  const look = { offset: 0, limit: 500, leastAge: -1_000 }
  expect((await findLostLots(redis, place.shard, look)).tickets).toEqual([])
  const lots = (await redis.keys('*:lot:*')).map((key) => key.split(':').at(-1) ?? '')
  expect(lots.length).toBeGreaterThan(0)
  for (const lot of lots) {
    expect(await startLot(redis, newRun({ shard: place.shard, lot }))).toEqual({ kind: 'gone' })
  }
  expect(await snapshot(redis)).toEqual(before)
  expect(await readBatch(redis, place, id)).toMatchObject({
    state: 'taking',
    counts: { queued: 600 },
  })
})

test('its end queues all of it, whoever goes on after any block', async () => {
  for (let steps = 0; steps <= 3; steps++) {
    const place = newTenant()
    const { id, owner } = await takenIn(place)
    expect(await endIntake(redis, place, id, owner)).toBe('releasing')
    const tickets = []
    let left = steps
    if (steps > 0) {
      for await (const made of changeBlocks(redis, place, id)) {
        tickets.push(...made)
        left -= 1
        if (left === 0) break
      }
    }
    // The process has died; the sweep of another finds what it left.
    tickets.push(...(await changeBatches(redis, place.shard, { blocks: 100 })).tickets)
    expect(tickets.map(({ priority }) => priority)).toEqual(tickets.map((_, i) => i + 1))
    expect(await readBatch(redis, place, id)).toMatchObject({
      state: 'taken',
      counts: { queued: 600 },
    })
    expect(await redis.zcard(shardKeys(place.shard).lots)).toBe(tickets.length)
    expect(await workOffAll(redis, tickets)).toBe(600)
    expect(await readBatch(redis, place, id)).toMatchObject({ counts: { queued: 0, ready: 600 } })
    expect(await whatIsLeft(redis, place)).toMatchObject({ counts: { ready: '600' }, lots: [] })
  }
})

test('a reject leaves nothing of it, and the same call with a corrected file begins anew', async () => {
  const place = newTenant()
  const { id, owner } = await takenIn(place, rejectEvery(500))
  expect(await endIntake(redis, place, id, owner)).toBe('refused')
  expect(await readBatch(redis, place, id)).toBeUndefined()
  await changeAll(redis, place, id)
  expect(await whatIsLeft(redis, place)).toEqual({ counts: {}, lots: [], keys: [] })
  const call = { mode: 'atomic', owner: newOwner(), once: { call: 'hash of the call' } } as const
  expect(await openBatch(redis, place, call)).toMatchObject({ kind: 'new' })
})

test('an intake that broke leaves nothing of it', async () => {
  for (const how of ['abandoned', 'lease'] as const) {
    const place = newTenant()
    const { id, owner } = await takenIn(place)
    if (how === 'abandoned') await abandonIntake(redis, place, id, owner)
    else {
      await holdIntake(redis, place, id, owner, 0)
      expect(await breakIntakes(redis, place.shard)).toEqual([{ tenant: place.tenant, id }])
    }
    expect(await readBatch(redis, place, id)).toBeUndefined()
    await changeBatches(redis, place.shard, { blocks: 100 })
    expect(await whatIsLeft(redis, place)).toEqual({ counts: {}, lots: [], keys: [] })
  }
})

test('one that is cancelled before its release, or in the middle of it, is cancelled whole', async () => {
  for (const steps of [0, 1]) {
    const place = newTenant()
    const { id, owner } = await takenIn(place)
    if (steps > 0) {
      await endIntake(redis, place, id, owner)
      for await (const _ of changeBlocks(redis, place, id)) break
    }
    expect(await cancelBatch(redis, place, id)).toBe('begun')
    expect(await changeAll(redis, place, id)).toEqual([])
    expect(await readBatch(redis, place, id)).toMatchObject({
      state: 'cancelled',
      counts: { queued: 0, cancelled: 600 },
      times: { settled: expect.any(Number), cancelled: expect.any(Number) },
    })
    expect(await whatIsLeft(redis, place)).toMatchObject({ counts: { cancelled: '600' }, lots: [] })
    const { openBatches } = tenantKeys(place.shard, place.tenant)
    expect(await redis.zcard(openBatches)).toBe(0)
  }
})
