import { randomInt } from 'node:crypto'
import { howMany } from '@csr-foundry/testing/how-many'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ActingPlace,
  callOnce,
  cancelBatch,
  cancelRequest,
  changeBatches,
  changeBlocks,
  completeLot,
  deleteBatch,
  deleteRequest,
  endIntake,
  type LotTicket,
  listBatches,
  listKeys,
  readAudit,
  readBatch,
  readKey,
  readRequest,
  retryBatch,
  retryRequest,
  settledChannel,
  startLot,
  tenantKeys,
} from '../../src/index.ts'
import {
  create,
  failedResult,
  importOne,
  newRun,
  newTenant,
  readyResult,
  signedResult,
  workOff,
} from '../make-requests.ts'
import { snapshot } from '../snapshot.ts'
import { type Records, startRecords } from '../start-records.ts'
import {
  blocksOf,
  changeAll,
  countsOf,
  makeBatch,
  newOwner,
  open,
  rejectEvery,
  takeAll,
  ticketsIn,
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

const stateOf = async (place: ActingPlace, id: string) =>
  (await readRequest(redis, place, id))?.state

test('a cancel stops what is queued, whoever goes on with it, and results that come later are dropped', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 600 })
  await workOffAll(redis, tickets.slice(0, 1))
  await workOffAll(redis, tickets.slice(1, 2), failedResult)
  const runs = tickets.slice(2, 3).map(newRun)
  const [start] = await Promise.all(runs.map((run) => startLot(redis, run)))
  expect(await cancelBatch(redis, place, id)).toBe('begun')
  expect(await readBatch(redis, place, id)).toMatchObject({ state: 'cancelled', change: 'cancel' })
  expect(await cancelBatch(redis, place, id)).toBe('begun')
  expect((await changeBatches(redis, place.shard, { blocks: 2 })).tickets).toEqual([])
  // A worker brings what it had in hand, while the cancel is under way.
  if (start?.kind !== 'started' || !runs[0]) throw new Error('The lot did not start.')
  const results = start.requests.map((request) => readyResult(request.id))
  expect(await completeLot(redis, runs[0], place.tenant, results)).toBe(128)
  await changeBatches(redis, place.shard, { blocks: 100 })
  expect(await countsOf(redis, place, id)).toMatchObject({
    ...{ accepted: 600, queued: 0, ready: 256, failed: 128, cancelled: 216 },
  })
  expect(await workOffAll(redis, tickets)).toBe(0)
  expect(await readBatch(redis, place, id)).toMatchObject({
    times: { settled: expect.any(Number) },
  })
  expect((await whatIsLeft(redis, place)).lots).toEqual([])
  expect(
    JSON.stringify(await redis.hgetall(tenantKeys(place.shard, place.tenant).request('601'))),
  ).not.toContain('spec')
})

test('a retry queues what has failed, under the same ids, and what is ready stays', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 600, isRejected: rejectEvery(50) })
  await workOffAll(redis, tickets, (path) =>
    Number(path) % 3 === 0 ? failedResult(path) : readyResult(path),
  )
  const before = await countsOf(redis, place, id)
  expect(before).toMatchObject({ queued: 0, failed: expect.any(Number) })
  expect(await retryBatch(redis, place, id)).toBe('begun')
  expect(await retryBatch(redis, place, id)).toBe('busy')
  const again = await changeAll(redis, place, id)
  expect(await countsOf(redis, place, id)).toMatchObject({ queued: before?.failed, failed: 0 })
  expect((await readBatch(redis, place, id))?.times).not.toHaveProperty('settled')
  expect(again.map(({ priority }) => priority)).toEqual(again.map((_, i) => i + 1))
  const { failed } = tenantKeys(place.shard, place.tenant)
  expect(await redis.zcard(failed)).toBe(0)
  expect(await stateOf(place, '3')).toBe('queued')
  expect(await workOffAll(redis, again, (path) => readyResult(path, 'two'))).toBe(before?.failed)
  expect(await countsOf(redis, place, id)).toMatchObject({ queued: 0, failed: 0, ready: 588 })
  expect(await readRequest(redis, place, '3')).toMatchObject({
    csr: Buffer.from('csr of 3 by two'),
  })
  expect(await readRequest(redis, place, '4')).toMatchObject({
    csr: Buffer.from('csr of 4 by one'),
  })
  expect((await whatIsLeft(redis, place)).lots).toEqual([])
})

test('a retry does not begin while the batch is taken in, and one that fails again is not tried for ever', async () => {
  const place = newTenant()
  const owner = newOwner()
  const id = await open(redis, place, { owner })
  const tickets = ticketsIn(await takeAll(redis, place, id, blocksOf({ rows: 10 }, owner)))
  await workOffAll(redis, tickets, failedResult)
  expect(await retryBatch(redis, place, id)).toBe('busy')
  await endIntake(redis, place, id, owner)
  expect(await retryBatch(redis, place, id)).toBe('begun')
  for await (const again of changeBlocks(redis, place, id)) {
    expect(await workOffAll(redis, again, failedResult)).toBe(10)
  }
  expect(await countsOf(redis, place, id)).toMatchObject({ failed: 10, queued: 0 })
})

/** A lot whose worker dies goes on as lots of one; the first of them kills two more, and is set aside. */
async function setOneAside(ticket: LotTicket): Promise<void> {
  await startLot(redis, newRun(ticket))
  const split = await startLot(redis, newRun(ticket))
  const [one] = split.kind === 'split' ? split.tickets : []
  if (!one) throw new Error('It did not split.')
  for (let i = 0; i < 3; i++) await startLot(redis, newRun(one))
}

test.each([0, 1, 2, 5, 100])(
  'a deletion leaves nothing, whatever state its requests are in; the sweep does %i blocks of it',
  async (blocks) => {
    const place = newTenant()
    const made = await makeBatch(redis, place, { rows: 900, isRejected: rejectEvery(9) })
    const [ready, failing, dying, ...others] = made.tickets
    if (!ready || !failing || !dying) throw new Error('There are lots too few.')
    await workOffAll(redis, [ready])
    await workOffAll(redis, [failing], failedResult)
    await setOneAside(dying)
    expect(await deleteRequest(redis, place, '4')).toBe(true)
    expect(await cancelRequest(redis, place, '800')).toBe(true)
    expect(await deleteBatch(redis, place, made.id)).toBe(true)
    expect(await deleteBatch(redis, place, made.id)).toBe(false)
    expect(await readBatch(redis, place, made.id)).toBeUndefined()
    expect(await listBatches(redis, place, { limit: 9 })).toEqual({ batches: [] })
    expect(await cancelBatch(redis, place, made.id)).toBe('unknown')
    expect(await retryBatch(redis, place, made.id)).toBe('unknown')
    await changeBatches(redis, place.shard, { blocks })
    await workOffAll(redis, others.slice(1, 2))
    await changeAll(redis, place, made.id)
    expect(await whatIsLeft(redis, place)).toEqual({ counts: {}, lots: [], keys: [] })
    expect(await workOffAll(redis, made.tickets)).toBe(0)
  },
)

test('a deletion works in a full Redis', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 300 })
  await workOffAll(redis, tickets.slice(1))
  await redis.config('SET', 'maxmemory', 1)
  expect(await deleteBatch(redis, place, id)).toBe(true)
  await changeAll(redis, place, id)
  await redis.config('SET', 'maxmemory', 0)
  expect(await whatIsLeft(redis, place)).toEqual({ counts: {}, lots: [], keys: [] })
})

test('in a full Redis a retry waits, while a deletion goes on', async () => {
  const place = newTenant()
  const [failed, other] = [
    await makeBatch(redis, place, { rows: 3 }),
    await makeBatch(redis, place, { rows: 3 }),
  ]
  await workOffAll(redis, failed.tickets, failedResult)
  await retryBatch(redis, place, failed.id)
  await deleteBatch(redis, place, other.id)
  await redis.config('SET', 'maxmemory', 1)
  const full = await changeBatches(redis, place.shard, { blocks: 9 })
  await redis.config('SET', 'maxmemory', 0)
  expect(full).toMatchObject({ tickets: [], errors: [{ message: expect.stringMatching(/^OOM/) }] })
  expect(await countsOf(redis, place, failed.id)).toMatchObject({ failed: 3, queued: 0 })
  expect(await redis.exists(tenantKeys(place.shard, place.tenant).batch(other.id))).toBe(0)
  const { tickets } = await changeBatches(redis, place.shard, { blocks: 9 })
  expect(await workOffAll(redis, tickets)).toBe(3)
})

test('keys that requests elsewhere use, or that others have handed in, outlive the batch', async () => {
  const place = newTenant()
  const owner = newOwner()
  const imported = await importOne(redis, place, 'a')
  const id = await open(redis, place, { owner })
  const [block] = blocksOf({ rows: 3 }, owner)
  if (!block) throw new Error('There is no block.')
  const [rows = []] = block.lots.map((lot) => lot.rows)
  const named = rows.map((row) => ({ ...row, ...(row.offset === 0 && { keyId: imported }) }))
  const lots = [{ lane: 'fast' as const, rows: named }]
  const tickets = ticketsIn(await takeAll(redis, place, id, [{ ...block, lots }]))
  await endIntake(redis, place, id, owner)
  const result = (path: string) => (path === '3' ? signedResult(path, imported) : readyResult(path))
  await workOffAll(redis, tickets, result)
  const other = await create(redis, place, 1, { keyId: '4' })
  await workOff(redis, place, other, (path) => signedResult(path, '4'))
  await deleteBatch(redis, place, id)
  await changeAll(redis, place, id)
  expect(await readKey(redis, place, imported)).toMatchObject({ inUse: false })
  expect(await readKey(redis, place, '4')).toMatchObject({ inUse: true })
  expect(await readKey(redis, place, '5')).toBeUndefined()
  const { keys } = await listKeys(redis, place, { which: 'all', page: { offset: 0, limit: 9 } })
  expect(keys.map((key) => key.id)).toEqual(['4', imported])
})

test('a lot that is completed twice, or by two workers, moves the counts once, and is told of once', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 128 })
  const listener = records.server.client()
  const heard: string[] = []
  listener.on('message', (_, message) => heard.push(message))
  await listener.subscribe(settledChannel(place.shard))
  const [ticket] = tickets
  if (!ticket) throw new Error('There is no lot.')
  const run = newRun(ticket)
  const start = await startLot(redis, run)
  if (start.kind !== 'started') throw new Error(`The lot is ${start.kind}.`)
  const resultsOf = (maker: string) => start.requests.map((one) => readyResult(one.id, maker))
  const both = ['one', 'two', 'one'].map((maker) =>
    completeLot(redis, run, place.tenant, resultsOf(maker)),
  )
  expect(await Promise.all(both)).toEqual([128, 0, 0])
  expect(await countsOf(redis, place, id)).toMatchObject({ queued: 0, ready: 128 })
  await expect.poll(() => heard).toEqual([`${place.tenant} batch:${id}`])
  listener.disconnect()
})

test('what is done to single requests of a batch moves its counts as well', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 3, perLot: 1 })
  expect(await cancelRequest(redis, place, '2')).toBe(true)
  await workOffAll(redis, tickets, failedResult)
  expect(await countsOf(redis, place, id)).toMatchObject({ queued: 0, cancelled: 1, failed: 2 })
  expect(await readBatch(redis, place, id)).toMatchObject({
    times: { settled: expect.any(Number) },
  })
  await retryRequest(redis, place, '3', { priority: 0 })
  expect(await countsOf(redis, place, id)).toMatchObject({ queued: 1, failed: 1 })
  expect((await readBatch(redis, place, id))?.times).not.toHaveProperty('settled')
  for (const path of ['2', '3', '4']) await deleteRequest(redis, place, path)
  expect(await countsOf(redis, place, id)).toMatchObject({
    ...{ accepted: 3, queued: 0, failed: 0, cancelled: 0, ready: 0 },
  })
  expect(await readBatch(redis, place, id)).toMatchObject({
    times: { settled: expect.any(Number) },
  })
})

test('the audit names who asked for a change, and each request that it changed', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 2 })
  await workOffAll(redis, tickets, failedResult)
  await retryBatch(redis, place, id)
  await changeBatches(redis, place.shard, { blocks: 9 })
  await cancelBatch(redis, place, id)
  await changeBatches(redis, place.shard, { blocks: 9 })
  await deleteBatch(redis, place, id)
  await changeBatches(redis, place.shard, { blocks: 9 })
  const { entries } = await readAudit(redis, place, { limit: 100 })
  const told = entries
    .reverse()
    .map((one) => `${one.actor.by} ${one.action} ${one.ids} ${one.outcome}`)
  expect(told).toEqual([
    'user:tester batch.create 1 done',
    'user:tester request.create 2,3 done',
    'user:tester batch.end 1 2 accepted, 0 rejected',
    'worker request.complete 2,3 0 ready, 2 failed',
    'user:tester batch.retry 1 done',
    'user:tester request.retry 2,3 done',
    'user:tester batch.cancel 1 done',
    'user:tester request.cancel 2,3 done',
    'user:tester batch.delete 1 done',
    'user:tester request.delete 2,3 done',
  ])
})

test('a retry or cancel that is sent again is done once, also when what it did was undone since', async () => {
  const place = newTenant()
  const { id, tickets } = await makeBatch(redis, place, { rows: 3 })
  const [retrying, cancelling] = [callOnce(['retry'], ''), callOnce(['cancel'], '')]
  expect(await cancelBatch(redis, place, '99', cancelling)).toBe('unknown')
  await workOffAll(redis, tickets, failedResult)
  // There is nothing to be stopped, and never will be for this call.
  expect(await cancelBatch(redis, place, id, cancelling)).toBe('begun')
  const asked = await Promise.all([1, 2, 3].map(() => retryBatch(redis, place, id, retrying)))
  expect(asked.toSorted()).toEqual(['again', 'again', 'begun'])
  await workOffAll(redis, await changeAll(redis, place, id), failedResult)
  const before = await snapshot(redis)
  expect(await retryBatch(redis, place, id, retrying)).toBe('again')
  expect(await cancelBatch(redis, place, id, cancelling)).toBe('again')
  for (const change of [retryBatch, cancelBatch]) {
    const other = { ...retrying, digest: 'another' }
    await expect(change(redis, place, id, other)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
  }
  expect(await snapshot(redis)).toEqual(before)
  await deleteBatch(redis, place, id)
  expect(await retryBatch(redis, place, id, retrying)).toBe('again')
})

test('a retry that was refused is not remembered', async () => {
  const place = newTenant()
  const owner = newOwner()
  const id = await open(redis, place, { owner })
  const once = callOnce(['retry'], '')
  expect(await retryBatch(redis, place, id, once)).toBe('busy')
  await endIntake(redis, place, id, owner)
  expect(await retryBatch(redis, place, id, once)).toBe('begun')
})

test('a change of what is not there, or of another tenant, writes nothing', async () => {
  const place = newTenant()
  const { id } = await makeBatch(redis, place, { rows: 2 })
  const before = await snapshot(redis)
  for (const [of, what] of [
    [newTenant(), id],
    [place, '99'],
    [place, '2'],
  ] as const) {
    expect(await cancelBatch(redis, of, what)).toBe('unknown')
    expect(await retryBatch(redis, of, what)).toBe('unknown')
    expect(await deleteBatch(redis, of, what)).toBe(false)
    expect(await changeAll(redis, of, what)).toEqual([])
  }
  expect(await snapshot(redis)).toEqual(before)
})

/** The counts as the records of all requests say them. */
async function recount(place: ActingPlace, newest: number): Promise<Record<string, number>> {
  const { request } = tenantKeys(place.shard, place.tenant)
  const found: Record<string, number> = { queued: 0, ready: 0, failed: 0, cancelled: 0 }
  for (let id = 1; id <= newest; id++) {
    const state = (await redis.hget(request(String(id)), 'state')) ?? 'deleted'
    if (state !== 'deleted') found[state] = (found[state] ?? 0) + 1
  }
  return found
}

test('counts are those of the records after any sequence of events', async () => {
  const place = newTenant()
  const made = await makeBatch(redis, place, { rows: 300, perLot: 7 })
  const tickets = [...made.tickets]
  const runs = tickets.map(newRun)
  const any = <T>(list: readonly T[]): T => list[randomInt(list.length)] as T
  const anyId = () => String(2 + randomInt(300))
  const steps = [
    () => startLot(redis, any(runs)),
    () => startLot(redis, any(runs)),
    async () => {
      const run = any(runs)
      const ids = [...Array(20)].map(anyId)
      const results = ids.map((id) => (randomInt(2) ? readyResult(id, run.take) : failedResult(id)))
      return await completeLot(redis, run, place.tenant, results)
    },
    async () => workOffAll(redis, [any(tickets)], randomInt(2) ? readyResult : failedResult),
    () => cancelRequest(redis, place, anyId()),
    () => deleteRequest(redis, place, anyId()),
    () => retryRequest(redis, place, anyId(), { priority: 0 }),
    () => retryBatch(redis, place, made.id),
    async () => tickets.push(...(await changeBatches(redis, place.shard, { blocks: 1 })).tickets),
    async () => randomInt(10) === 0 && (await cancelBatch(redis, place, made.id)),
  ]
  for (let i = 0; i < howMany(60, 150); i++) {
    await any(steps)()
    const expected = await recount(place, 310)
    const { accepted, rejected, rows, ...counts } = (await countsOf(redis, place, made.id)) ?? {}
    expect(counts).toEqual(expected)
    const ofTenant = await redis.hgetall(tenantKeys(place.shard, place.tenant).counts)
    for (const [state, count] of Object.entries(ofTenant))
      expect(Number(count)).toBe(expected[state] ?? 0)
  }
  await deleteBatch(redis, place, made.id)
  await changeAll(redis, place, made.id)
  expect(await whatIsLeft(redis, place)).toEqual({ counts: {}, lots: [], keys: [] })
})
