import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ActingPlace,
  cancelBatch,
  deleteRequest,
  type LotTicket,
  shardKeys,
  shardTag,
  startLot,
} from '../../src/index.ts'
import { create, newRun, newTenant, workOff } from '../make-requests.ts'
import { type Records, startRecords } from '../start-records.ts'
import { changeAll, makeBatch, workOffAll } from './make-batches.ts'

leakGuard()
let records: Records
let redis: Redis
beforeAll(async () => {
  records = await startRecords()
  redis = records.redis
})
afterAll(() => records.stop())
beforeEach(() => redis.flushall())

const highest = 2_097_151
const tags = shardKeys(shardTag(0)).laneTags('fast')

/** A lane as BullMQ works it off: the lowest priority first, of equal ones the oldest. */
class Lane {
  readonly #waiting: { ticket: LotTicket; place: ActingPlace }[] = []

  async add(place: ActingPlace, rows: number): Promise<void> {
    const { tickets } = await makeBatch(redis, place, { rows, perLot: 1 })
    this.#waiting.push(...tickets.map((ticket) => ({ ticket, place })))
  }

  /** Works so many lots off; gives how many of each tenant. */
  async work(lots: number): Promise<Map<ActingPlace, number>> {
    const done = new Map<ActingPlace, number>()
    for (let i = 0; i < lots && this.#waiting.length > 0; i++) {
      const order = this.#waiting.map(({ ticket }) => ticket.priority)
      const [next] = this.#waiting.splice(order.indexOf(Math.min(...order)), 1)
      if (!next) break
      await workOffAll(redis, [next.ticket])
      done.set(next.place, (done.get(next.place) ?? 0) + 1)
    }
    return done
  }
}

test('two tenants share a lane evenly, one with 1 batch and one with 100', async () => {
  const [one, many] = [newTenant(), newTenant()]
  const lane = new Lane()
  for (let i = 0; i < 50; i++) await lane.add(many, 2)
  await lane.add(one, 200)
  for (let i = 0; i < 50; i++) await lane.add(many, 2)
  const done = await lane.work(200)
  expect(done.get(one)).toBeGreaterThanOrEqual(99)
  expect(done.get(many)).toBeGreaterThanOrEqual(99)
})

test('who comes late begins where the others are, and makes up for nothing', async () => {
  const [early, late] = [newTenant(), newTenant()]
  const lane = new Lane()
  await lane.add(early, 100)
  await lane.work(60)
  await lane.add(late, 100)
  const done = await lane.work(40)
  expect(Math.abs((done.get(early) ?? 0) - (done.get(late) ?? 0))).toBeLessThanOrEqual(1)
})

test('a new small batch every moment, be it of one tenant or each of another, does not starve a large one', async () => {
  for (const isSame of [true, false]) {
    await redis.flushall()
    const [large, same] = [newTenant(), newTenant()]
    const lane = new Lane()
    await lane.add(large, 60)
    let ofLarge = 0
    for (let moment = 0; moment < 40; moment++) {
      await lane.add(isSame ? same : newTenant(), 1)
      ofLarge += (await lane.work(2)).get(large) ?? 0
    }
    expect(ofLarge).toBeGreaterThanOrEqual(39)
  }
})

test('single requests go before all of it, and move no tags', async () => {
  const place = newTenant()
  await makeBatch(redis, place, { rows: 10, perLot: 1 })
  const before = await redis.hgetall(tags)
  const single = await create(redis, place)
  expect(single.ticket.priority).toBe(0)
  await workOff(redis, place, single)
  expect(await redis.hgetall(tags)).toEqual(before)
})

test('with its last bulk lot a lane forgets its tags, however that lot ends', async () => {
  const ends = [
    async (_: ActingPlace, made: Awaited<ReturnType<typeof makeBatch>>) =>
      workOffAll(redis, made.tickets),
    async (place: ActingPlace, made: Awaited<ReturnType<typeof makeBatch>>) => {
      await cancelBatch(redis, place, made.id)
      return await changeAll(redis, place, made.id)
    },
    async (place: ActingPlace) => {
      for (const id of ['2', '3', '4']) await deleteRequest(redis, place, id)
    },
    async (_: ActingPlace, { tickets }: Awaited<ReturnType<typeof makeBatch>>) => {
      // Two workers die with each, which is set aside.
      for (const ticket of tickets) {
        for (let i = 0; i < 3; i++) await startLot(redis, newRun(ticket))
      }
    },
  ]
  for (const end of ends) {
    await redis.flushall()
    const place = newTenant()
    const made = await makeBatch(redis, place, { rows: 3, perLot: 1 })
    expect(made.tickets.map(({ priority }) => priority)).toEqual([1, 2, 3])
    await end(place, made)
    expect(await redis.exists(tags)).toBe(0)
    const [ticket] = (await makeBatch(redis, newTenant(), { rows: 1 })).tickets
    expect(ticket?.priority).toBe(1)
  }
})

test('a lot that has not got its job yet, or is parked, keeps or makes no tags', async () => {
  const [place, other] = [newTenant(), newTenant()]
  const made = await makeBatch(redis, place, { rows: 3, perLot: 1 })
  await workOffAll(redis, made.tickets.slice(0, 2))
  // The last one's job was lost: nothing of it is in BullMQ, and yet its tag counts.
  const [next] = (await makeBatch(redis, other, { rows: 1 })).tickets
  expect(next?.priority).toBe(3)
  expect(await redis.hget(tags, 'lots')).toBe('2')
})

test('a lot that is split keeps its place', async () => {
  const place = newTenant()
  const { tickets } = await makeBatch(redis, place, { rows: 6, perLot: 3 })
  const [, second] = tickets
  if (!second) throw new Error('There is one lot too few.')
  await startLot(redis, newRun(second))
  const split = await startLot(redis, newRun(second))
  if (split.kind !== 'split') throw new Error(`The lot is ${split.kind}.`)
  expect(split.tickets.map(({ priority }) => priority)).toEqual([2, 2, 2])
  expect(await redis.hget(tags, 'lots')).toBe('4')
  await workOffAll(redis, [...tickets, ...split.tickets])
  expect(await redis.exists(tags)).toBe(0)
})

test('no priority passes the highest that BullMQ takes', async () => {
  const place = newTenant()
  await makeBatch(redis, place, { rows: 1 })
  await redis.hset(tags, `tag:${place.tenant}`, highest - 1, 'time', highest - 1)
  const { tickets } = await makeBatch(redis, place, { rows: 3, perLot: 1 })
  expect(tickets.map(({ priority }) => priority)).toEqual([highest, highest, highest])
  await workOffAll(redis, tickets)
  const [other] = (await makeBatch(redis, newTenant(), { rows: 1 })).tickets
  expect(other?.priority).toBe(highest)
})
