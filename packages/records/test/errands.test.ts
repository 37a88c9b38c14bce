import { ServiceError, toProblem } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  completeLot,
  createErrand,
  type ErrandEnd,
  errandName,
  findLostLots,
  finishErrand,
  giveBackLot,
  type LotTicket,
  newErrandId,
  readAudit,
  settledChannel,
  shardKeys,
  startLot,
  takeErrand,
  tenantKeys,
} from '../src/index.ts'
import {
  beginErrand,
  create,
  importOne,
  newRun,
  newTenant,
  readyResult,
  workOff,
} from './make-requests.ts'
import { snapshot } from './snapshot.ts'
import type { Records } from './start-records.ts'
import { withEmptyRecords } from './with-empty-records.ts'

let redis: Redis
let server: Records['server']
let place: ActingPlace
let about: string
withEmptyRecords(async (records) => {
  redis = records.redis
  server = records.server
  place = newTenant()
  about = await importOne(redis, place, 'a')
})

const done: ErrandEnd = { state: 'done', result: '{"jwe":"…"}' }

async function ask(kind: 'export' | 'verify' = 'export') {
  const errand = {
    kind,
    id: newErrandId(),
    input: '{"recipient":{}}',
    about: kind === 'export' ? about : '',
  }
  const ticket = await createErrand(redis, place, errand)
  return { errand, ticket, key: tenantKeys(place.shard, place.tenant).errand(kind, errand.id) }
}

const begin = (ticket: LotTicket) => beginErrand(redis, ticket)

const outcomes = async () =>
  (await readAudit(redis, place, { limit: 9 })).entries
    .map(({ action, outcome, actor }) => `${action} ${outcome} by ${actor.by}, ${actor.call}`)
    .reverse()
    .slice(1)

test.each(['export', 'verify'] as const)(
  'an errand (%s) is asked for, made, and taken once',
  async (kind) => {
    const before = await snapshot(redis)
    const { errand, ticket, key } = await ask(kind)
    expect(ticket).toEqual({ shard: place.shard, lot: '1', lane: 'fast', priority: 0 })
    expect(await takeErrand(redis, place, errand)).toEqual({ state: 'queued' })
    const { run, errand: taken } = await begin(ticket)
    expect(taken).toEqual({ ...errand, tenant: place.tenant, call: 'call-1' })
    expect(await finishErrand(redis, run, taken, done)).toBe(true)
    expect(await redis.hget(key, 'input')).toBeNull()
    expect(await takeErrand(redis, place, errand)).toEqual(done)
    expect(await takeErrand(redis, place, errand)).toEqual({ state: 'gone' })
    // Nothing is left but what the audit tells, the number of the lot, and when the key was exported.
    const { audit, key: keyOf } = tenantKeys(place.shard, place.tenant)
    expect(await redis.hdel(keyOf(about), 'exported')).toBe(kind === 'export' ? 1 : 0)
    const { [audit]: _, [`${place.shard}:next-lot`]: __, ...left } = await snapshot(redis)
    const { [audit]: ___, ...was } = before
    expect(left).toEqual(was)
  },
)

test('the audit tells who asked, that a worker made it for which call, and who took it', async () => {
  const { errand, ticket } = await ask()
  const { run, errand: taken } = await begin(ticket)
  await finishErrand(redis, run, taken, done)
  await takeErrand(redis, place, errand)
  expect(await outcomes()).toEqual([
    'key.export asked by user:tester, call-1',
    'key.export done by worker, call-1',
    'export.read done by user:tester, call-1',
  ])
})

test('a failure is taken as its problem', async () => {
  const { errand, ticket } = await ask()
  const { run, errand: taken } = await begin(ticket)
  const problem = toProblem(new ServiceError('worker_died'))
  expect(await finishErrand(redis, run, taken, { state: 'failed', problem })).toBe(true)
  expect(await takeErrand(redis, place, errand)).toEqual({ state: 'failed', problem })
})

test('its own lot, its record and the audit are all that an errand adds', async () => {
  const before = await redis.keys('*')
  const { ticket, key } = await ask()
  await begin(ticket)
  const { lot, lots } = shardKeys(place.shard)
  const added = (await redis.keys('*')).filter((name) => !before.includes(name))
  expect(added.sort()).toEqual([lots, lot(ticket.lot), `${place.shard}:next-lot`, key].sort())
})

test('an errand that nobody begins is forgotten after two minutes, what came of it after one', async () => {
  const { ticket, key } = await ask()
  expect(await redis.ttl(key)).toBeGreaterThan(115)
  expect(await redis.ttl(key)).toBeLessThanOrEqual(120)
  const { run, errand } = await begin(ticket)
  await finishErrand(redis, run, errand, done)
  expect(await redis.ttl(key)).toBeGreaterThan(55)
  expect(await redis.ttl(key)).toBeLessThanOrEqual(60)
})

test('a lot whose errand is forgotten simply ends, and its worker is told that nobody waits', async () => {
  const { errand, ticket, key } = await ask()
  const early = await begin(ticket)
  await redis.del(key)
  expect(await startLot(redis, newRun(ticket))).toEqual({ kind: 'gone' })
  const before = await snapshot(redis)
  expect(await finishErrand(redis, early.run, early.errand, done)).toBe(false)
  expect(await startLot(redis, newRun(ticket))).toEqual({ kind: 'gone' })
  expect(await snapshot(redis)).toEqual(before)
  expect(await redis.exists(shardKeys(place.shard).lots, key)).toBe(0)
  expect(await takeErrand(redis, place, errand)).toEqual({ state: 'gone' })
})

test.each([
  ['that is not there', '99', 'key_not_found'],
  ['that never leaves', '2', 'key_not_exportable'],
])('a key %s is not exported', async (_, id, code) => {
  await workOff(redis, place, await create(redis, place))
  const before = await snapshot(redis)
  const errand = { kind: 'export', id: newErrandId(), input: '', about: id } as const
  await expect(createErrand(redis, place, errand)).rejects.toMatchObject({ code })
  expect(await snapshot(redis)).toEqual(before)
})

test("another tenant's key is not found, and neither is his errand", async () => {
  const other = newTenant()
  const errand = { kind: 'export', id: newErrandId(), input: '', about } as const
  await expect(createErrand(redis, other, errand)).rejects.toMatchObject({ code: 'key_not_found' })
  const { errand: asked, ticket } = await ask()
  const { run, errand: taken } = await begin(ticket)
  await finishErrand(redis, run, taken, done)
  expect(await takeErrand(redis, other, asked)).toEqual({ state: 'gone' })
  expect(await takeErrand(redis, place, asked)).toEqual(done)
})

test('an errand that kills two workers ends failed, and is no dead lot', async () => {
  const { errand, ticket } = await ask()
  for (let i = 0; i < 2; i++) await begin(ticket)
  expect(await startLot(redis, newRun(ticket))).toEqual({ kind: 'gone' })
  expect(await takeErrand(redis, place, errand)).toMatchObject({
    state: 'failed',
    problem: { code: 'worker_died', status: 500 },
  })
  const { lots, deadLots, lot } = shardKeys(place.shard)
  expect(await redis.exists(lots, deadLots, lot(ticket.lot))).toBe(0)
  expect((await outcomes()).at(1)).toBe('key.export failed by worker, call-1')
})

test('a take that asks twice is one start, and one that is given back is none', async () => {
  const { ticket } = await ask()
  for (let i = 1; i <= 4; i++) {
    const { run } = await begin(ticket)
    expect(await startLot(redis, run)).toMatchObject({ kind: 'errand' })
    expect(await giveBackLot(redis, run, 'drain')).toBe(i)
  }
  for (let i = 1; i <= 4; i++) {
    expect(await giveBackLot(redis, (await begin(ticket)).run, 'apart')).toBe(i)
  }
  const { run, errand } = await begin(ticket)
  expect(await finishErrand(redis, run, errand, done)).toBe(true)
})

test('of two workers who made it the first has made it', async () => {
  const { errand, ticket } = await ask()
  const [one, other] = [await begin(ticket), await begin(ticket)]
  expect(await finishErrand(redis, other.run, other.errand, done)).toBe(true)
  const late = { state: 'done', result: 'late' } as const
  expect(await finishErrand(redis, one.run, one.errand, late)).toBe(false)
  expect(await takeErrand(redis, place, errand)).toEqual(done)
})

test('the sweep finds the lot of an errand that has no job', async () => {
  const { ticket } = await ask()
  const page = { offset: 0, limit: 9, leastAge: -1_000 }
  expect((await findLostLots(redis, place.shard, page)).tickets).toEqual([ticket])
})

test('the end of an errand is published under its name, in whatever way it ends', async () => {
  const listener = server.client()
  const heard: string[] = []
  listener.on('message', (_, message: string) => heard.push(message))
  await listener.subscribe(settledChannel(place.shard))
  const [one, two] = [await ask('export'), await ask('verify')]
  const { run, errand } = await begin(one.ticket)
  await finishErrand(redis, run, errand, done)
  for (let i = 0; i < 3; i++) await startLot(redis, newRun(two.ticket))
  const names = [one.errand, two.errand].map((each) => `${place.tenant} ${errandName(each)}`)
  await expect.poll(() => heard).toEqual(names)
  listener.disconnect()
})

test('a worker from before a loss of the last writes ends nobody else’s lot', async () => {
  const lost = await ask()
  const old = await begin(lost.ticket)
  // The number of its lot is given again: to a request, and then to another errand.
  const { lot, lots } = shardKeys(place.shard)
  await redis.del(lot(lost.ticket.lot), `${place.shard}:next-lot`)
  const { ids, ticket } = await create(redis, place)
  expect(ticket.lot).toBe(lost.ticket.lot)
  expect(await finishErrand(redis, old.run, old.errand, done)).toBe(true)
  expect(await workOff(redis, place, { ids, ticket })).toBe(1)
  await redis.del(`${place.shard}:next-lot`)
  const next = await ask()
  expect(next.ticket.lot).toBe(ticket.lot)
  expect(
    await completeLot(
      redis,
      newRun(ticket),
      place.tenant,
      ids.map((id) => readyResult(id)),
    ),
  ).toBe(0)
  expect(await redis.zrange(lots, '0', '-1')).toEqual([next.ticket.lot])
  const { run, errand } = await begin(next.ticket)
  expect(await finishErrand(redis, run, errand, done)).toBe(true)
})
