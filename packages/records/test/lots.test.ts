import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  cancelRequest,
  completeLot,
  deleteRequest,
  findLostLots,
  giveBackLot,
  readRequest,
  shardKeys,
  shardTag,
  startLot,
  tenantKeys,
} from '../src/index.ts'
import {
  create,
  failedResult,
  newRun,
  newTenant,
  readyResult,
  retry,
  workOff,
} from './make-requests.ts'
import { snapshot } from './snapshot.ts'
import { withEmptyRecords } from './with-empty-records.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  place = newTenant()
})

const { lots, deadLots, lot: lotKey, lane: laneKey } = shardKeys(shardTag(0))

/** Lets `workers` workers die with a lot in hand. */
async function die(ticket: Parameters<typeof newRun>[0], workers: number): Promise<void> {
  for (let i = 0; i < workers; i++) await startLot(redis, newRun(ticket))
}

test('a take that asks twice, its first answer lost, is one start', async () => {
  const { ticket } = await create(redis, place, 2)
  const run = newRun(ticket)
  const first = await startLot(redis, run)
  expect(first.kind).toBe('started')
  expect(await startLot(redis, run)).toEqual(first)
  expect(await redis.hget(lotKey(ticket.lot), 'starts')).toBe('1')
})

test('a lot whose worker died goes on as lots of one, and every request points at its own', async () => {
  const { ids, ticket } = await create(redis, place, 4)
  await cancelRequest(redis, place, '2')
  await die(ticket, 1)
  const start = await startLot(redis, newRun(ticket))
  if (start.kind !== 'split') throw new Error(`The start is ${start.kind}.`)
  expect(start.tickets.map(({ lane, priority, shard }) => ({ lane, priority, shard }))).toEqual(
    Array(3).fill({ lane: 'fast', priority: 0, shard: place.shard }),
  )
  expect(await redis.exists(lotKey(ticket.lot))).toBe(0)
  expect(await redis.zrange(lots, '0', '-1')).toEqual(start.tickets.map(({ lot }) => lot))
  for (const [i, id] of ['1', '3', '4'].entries()) {
    const own = start.tickets[i]
    if (!own) throw new Error('There is a ticket too few.')
    expect(await redis.hget(tenantKeys(place.shard, place.tenant).request(id), 'lot')).toBe(own.lot)
    expect(await startLot(redis, newRun(own))).toMatchObject({
      kind: 'started',
      requests: [{ id }],
    })
  }
  // The worker was only thought dead: what it brings now belongs to nobody.
  expect(
    await completeLot(
      redis,
      newRun(ticket),
      place.tenant,
      ids.map((id) => readyResult(id)),
    ),
  ).toBe(0)
  expect(await redis.keys('*:key:*')).toEqual([])
})

test('a lot of one that killed two workers is set aside and its request failed', async () => {
  const { ticket } = await create(redis, place)
  await die(ticket, 2)
  expect(await readRequest(redis, place, '1')).toMatchObject({ state: 'queued' })
  const start = await startLot(redis, newRun(ticket))
  expect(start).toEqual({ kind: 'dead', tenant: place.tenant, id: '1' })
  expect(await readRequest(redis, place, '1')).toMatchObject({
    state: 'failed',
    problem: { code: 'worker_died', status: 500 },
  })
  expect(await redis.zrange(deadLots, '0', '-1')).toEqual([ticket.lot])
  expect(await redis.zcard(lots)).toBe(0)
})

test('a lot stays set aside when its job runs once more or a worker comes late, until its request is retried or deleted', async () => {
  const one = await create(redis, place)
  const other = await create(redis, place)
  for (const { ticket } of [one, other]) {
    await die(ticket, 3)
    expect(await startLot(redis, newRun(ticket))).toEqual({ kind: 'gone' })
    expect(await completeLot(redis, newRun(ticket), place.tenant, [readyResult('1')])).toBe(0)
  }
  expect(await redis.zcard(deadLots)).toBe(2)
  await retry(redis, place, '1')
  expect(await redis.zrange(deadLots, '0', '-1')).toEqual([other.ticket.lot])
  await deleteRequest(redis, place, '2')
  expect(await redis.zcard(deadLots)).toBe(0)
  expect(await redis.exists(lotKey(one.ticket.lot), lotKey(other.ticket.lot))).toBe(0)
})

test('a lot that was set aside leaves no rest when its request is deleted, also where it once carried more', async () => {
  const { ticket } = await create(redis, place, 2)
  await deleteRequest(redis, place, '2')
  await die(ticket, 3)
  expect(await redis.zcard(deadLots)).toBe(1)
  await deleteRequest(redis, place, '1')
  expect(await redis.exists(deadLots, lotKey(ticket.lot))).toBe(0)
})

test('a lot that is given back however often is never taken for dead', async () => {
  const { ticket } = await create(redis, place, 2)
  for (let i = 1; i <= 5; i++) {
    for (const why of ['wait', 'drain'] as const) {
      const run = newRun(ticket)
      expect(await startLot(redis, run)).toMatchObject({ kind: 'started' })
      expect(await giveBackLot(redis, run, why)).toBe(i)
    }
  }
  expect(await redis.hget(lotKey(ticket.lot), 'starts')).toBe('0')
})

test('a lot of one that fails is tried again, and counts its tries', async () => {
  const { ticket } = await create(redis, newTenant())
  for (let i = 1; i <= 4; i++) {
    const run = newRun(ticket)
    expect(await startLot(redis, run)).toMatchObject({ kind: 'started' })
    expect(await giveBackLot(redis, run, 'apart')).toBe(i)
  }
})

test('a lot of several that fails goes on as lots of one', async () => {
  const { ticket } = await create(redis, newTenant(), 3)
  const run = newRun(ticket)
  await startLot(redis, run)
  expect(await giveBackLot(redis, run, 'apart')).toBe(0)
  const start = await startLot(redis, newRun(ticket))
  if (start.kind !== 'split') throw new Error(`The start is ${start.kind}.`)
  expect(start.tickets).toHaveLength(3)
})

test('a lot in which one request is left is tried like a lot of one', async () => {
  const { ticket } = await create(redis, place, 2)
  await cancelRequest(redis, place, '2')
  for (let i = 1; i <= 4; i++) {
    const run = newRun(ticket)
    expect(await startLot(redis, run)).toMatchObject({ kind: 'started' })
    expect(await giveBackLot(redis, run, 'apart')).toBe(i)
  }
})

test('only the take that holds a lot can give it back, and only once', async () => {
  const { ticket } = await create(redis, newTenant())
  const late = newRun(ticket)
  await startLot(redis, late)
  await startLot(redis, newRun(ticket))
  await giveBackLot(redis, late, 'apart')
  expect(await redis.hmget(lotKey(ticket.lot), 'starts', 'tries')).toEqual(['2', '0'])
  const gone = newRun({ ...ticket, lot: '99' })
  expect(await giveBackLot(redis, gone, 'apart')).toBe(0)
  expect(await redis.exists(lotKey('99'))).toBe(0)
})

test('a job whose lot is gone, or has nothing left to do, simply ends and leaves no rest', async () => {
  const { ids, ticket } = await create(redis, place, 2)
  for (const id of ids) await cancelRequest(redis, place, id)
  expect(await startLot(redis, newRun(ticket))).toEqual({ kind: 'gone' })
  expect(await redis.exists(lots, lotKey(ticket.lot))).toBe(0)
  const before = await snapshot(redis)
  expect(await startLot(redis, newRun(ticket))).toEqual({ kind: 'gone' })
  expect(await snapshot(redis)).toEqual(before)
})

test('a lot that runs twice leaves one key: the first end wins', async () => {
  const { ids, ticket } = await create(redis, place, 3)
  const [slow, fast] = [newRun(ticket), newRun(ticket)]
  await startLot(redis, slow)
  await giveBackLot(redis, slow, 'drain')
  await startLot(redis, fast)
  const results = (maker: string) => ids.map((id) => readyResult(id, maker))
  expect(await completeLot(redis, fast, place.tenant, results('fast'))).toBe(3)
  const before = await snapshot(redis)
  expect(await completeLot(redis, slow, place.tenant, results('slow'))).toBe(0)
  expect(await snapshot(redis)).toEqual(before)
  for (const id of ids) {
    const { key } = tenantKeys(place.shard, place.tenant)
    expect(await readRequest(redis, place, id)).toMatchObject({
      csr: Buffer.from(`csr of ${id} by fast`),
    })
    expect(await redis.hmget(key(id), 'spki', 'sealed')).toEqual([
      `spki of ${id} by fast`,
      `sealed of ${id} by fast`,
    ])
  }
})

test('a result that comes after a cancel or a delete is dropped, with its key', async () => {
  const { ids, ticket } = await create(redis, place, 3)
  const run = newRun(ticket)
  await startLot(redis, run)
  await cancelRequest(redis, place, '1')
  await deleteRequest(redis, place, '2')
  expect(
    await completeLot(
      redis,
      run,
      place.tenant,
      ids.map((id) => readyResult(id)),
    ),
  ).toBe(1)
  expect(await readRequest(redis, place, '1')).toMatchObject({ state: 'cancelled' })
  expect(await readRequest(redis, place, '2')).toBeUndefined()
  const { key } = tenantKeys(place.shard, place.tenant)
  expect(await redis.keys('*:key:*')).toEqual([key('3')])
})

test('a result for a request of another lot is dropped', async () => {
  const one = await create(redis, place)
  const other = await create(redis, place)
  await startLot(redis, newRun(one.ticket))
  const results = [readyResult('1'), readyResult('2')]
  expect(await completeLot(redis, newRun(one.ticket), place.tenant, results)).toBe(1)
  expect(await readRequest(redis, place, '2')).toMatchObject({ state: 'queued' })
  expect(await workOff(redis, place, other)).toBe(1)
})

test('a lot is kept while a request of it waits, whatever results come in under its name', async () => {
  const { ticket } = await create(redis, place, 2)
  // A worker from before a loss of Redis' last writes: it holds a lot whose number was given again since.
  expect(await completeLot(redis, newRun(ticket), 'another', [readyResult('1')])).toBe(0)
  expect(await completeLot(redis, newRun(ticket), place.tenant, [readyResult('1')])).toBe(1)
  const start = await startLot(redis, newRun(ticket))
  expect(start).toMatchObject({ kind: 'started', requests: [{ id: '2' }] })
  expect(await redis.zrange(lots, '0', '-1')).toEqual([ticket.lot])
})

test('work that is done leaves neither lots nor specs behind', async () => {
  await workOff(redis, place, await create(redis, place, 128))
  const failed = await create(redis, place, 2)
  await workOff(redis, place, failed, failedResult)
  expect(await redis.keys('*:lot:*')).toEqual([])
  expect(await redis.exists(lots, deadLots)).toBe(0)
  const { request } = tenantKeys(place.shard, place.tenant)
  expect(await redis.hkeys(request('128'))).toEqual(
    expect.arrayContaining(['state', 'csr', 'key', 'created', 'started', 'finished']),
  )
  expect(await redis.hget(request('128'), 'spec')).toBe('')
  expect(Number(await redis.hget(laneKey('fast'), 'work'))).toBeGreaterThanOrEqual(0)
})

test('a lane learns what its lots take, and a stale end teaches it nothing', async () => {
  const { ids, ticket } = await create(redis, place)
  const run = newRun(ticket)
  await startLot(redis, run)
  await redis.hincrby(lotKey(ticket.lot), 'started', -1_000)
  await completeLot(redis, run, place.tenant, ids.map(failedResult))
  const work = Number(await redis.hget(laneKey('fast'), 'work'))
  expect(work).toBeGreaterThanOrEqual(1_000)
  expect(work).toBeLessThan(2_000)
  await completeLot(redis, run, place.tenant, ids.map(failedResult))
  expect(Number(await redis.hget(laneKey('fast'), 'work'))).toBe(work)
})

test('the sweep finds lots without a job, and neither young ones nor those that have one', async () => {
  const lost = await create(redis, place)
  const waiting = await create(redis, place)
  const young = await create(redis, place)
  const old = Date.now() - 60_000
  await redis.zadd(lots, old, lost.ticket.lot, old + 1, waiting.ticket.lot)
  await redis.hset(`${place.shard}:fast:lot-${waiting.ticket.lot}`, 'name', 'lot')
  const find = (leastAge: number) =>
    findLostLots(redis, place.shard, { offset: 0, limit: 500, leastAge })
  expect(await find(10_000)).toEqual({ nextOffset: 0, tickets: [lost.ticket] })
  expect((await find(0)).tickets).toEqual([lost.ticket, young.ticket])
})

test('the sweep goes round all lots, a few at a time, and begins again', async () => {
  const all: string[] = []
  for (let i = 0; i < 5; i++) all.push((await create(redis, place)).ticket.lot)
  const found: string[] = []
  const offsets: number[] = []
  for (let offset = 0, round = 0; round < 3; round++) {
    const part = await findLostLots(redis, place.shard, { offset, limit: 2, leastAge: -1_000 })
    found.push(...part.tickets.map(({ lot }) => lot))
    offset = part.nextOffset
    offsets.push(offset)
  }
  expect(found).toEqual(all)
  expect(offsets).toEqual([2, 4, 0])
})

test('a lot that was set aside is not found by the sweep', async () => {
  const { ticket } = await create(redis, newTenant())
  await die(ticket, 3)
  const found = await findLostLots(redis, ticket.shard, { offset: 0, limit: 9, leastAge: -1_000 })
  expect(found.tickets).toEqual([])
})
