import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ActingPlace,
  cancelRequest,
  completeLot,
  deleteRequest,
  firstState,
  retryRequest,
  startLot,
  type Transition,
  tenantKeys,
  transitions,
} from '../src/index.ts'
import {
  type Created,
  create,
  failedResult,
  newRun,
  newTenant,
  readyResult,
  workOff,
} from './make-requests.ts'
import { snapshot } from './snapshot.ts'
import { type Records, startRecords } from './start-records.ts'

leakGuard()
let records: Records
beforeAll(async () => {
  records = await startRecords()
})
afterAll(() => records.stop())

type Subject = Created & { readonly place: ActingPlace; readonly id: string }
type Way = (redis: Redis, subject: Subject) => Promise<unknown>

/** How each transition is asked for, by whoever may ask. */
const ways: Record<Transition, Way> = {
  complete: (redis, { place, ticket, id }) =>
    completeLot(redis, newRun(ticket), place.tenant, [readyResult(id)]),
  fail: (redis, { place, ticket, id }) =>
    completeLot(redis, newRun(ticket), place.tenant, [failedResult(id)]),
  cancel: (redis, { place, id }) => cancelRequest(redis, place, id),
  retry: (redis, { place, id }) => retryRequest(redis, place, id, { priority: 0 }),
  delete: (redis, { place, id }) => deleteRequest(redis, place, id),
}

/** How a queued request comes into each state. */
const intoState: Record<string, Way> = {
  queued: async () => {},
  ready: (redis, subject) => workOff(redis, subject.place, subject),
  failed: (redis, subject) => workOff(redis, subject.place, subject, failedResult),
  cancelled: ways.cancel,
  deleted: ways.delete,
}

async function requestIn(state: string): Promise<Subject> {
  const { redis } = records
  await redis.flushall()
  const place = newTenant()
  const created = await create(redis, place)
  const subject = { ...created, place, id: created.ids[0] ?? '' }
  await startLot(redis, newRun(created.ticket))
  await intoState[state]?.(redis, subject)
  expect(await stateOf(subject)).toBe(state)
  return subject
}

const stateOf = ({ place, id }: Subject) =>
  records.redis.hget(tenantKeys(place.shard, place.tenant).request(id), 'state')

async function countsOf({ place }: Subject): Promise<Record<string, string>> {
  const counts = await records.redis.hgetall(tenantKeys(place.shard, place.tenant).counts)
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== '0'))
}

test('a new request is in the first state of the table', async () => {
  const { redis } = records
  const place = newTenant()
  const created = await create(redis, place)
  const subject = { ...created, place, id: created.ids[0] ?? '' }
  expect(await stateOf(subject)).toBe(firstState)
})

const states = Object.keys(intoState)
for (const transition of Object.keys(transitions) as Transition[]) {
  const { from, to } = transitions[transition]
  const allowed: readonly string[] = from

  describe(transition, () => {
    test.each(states.filter((state) => allowed.includes(state)))(
      `takes %s to ${to}`,
      async (state) => {
        const subject = await requestIn(state)
        await ways[transition](records.redis, subject)
        expect(await stateOf(subject)).toBe(to)
        expect(await countsOf(subject)).toEqual(to === 'deleted' ? {} : { [to]: '1' })
      },
    )

    test.each(states.filter((state) => !allowed.includes(state)))(
      'changes nothing of %s',
      async (state) => {
        const subject = await requestIn(state)
        const before = await snapshot(records.redis)
        await ways[transition](records.redis, subject)
        expect(await snapshot(records.redis)).toEqual(before)
      },
    )
  })
}

test('a transition of a request that was never there writes nothing', async () => {
  const { redis } = records
  await redis.flushall()
  const place = newTenant()
  const subject = {
    place,
    id: '1',
    ids: ['1'],
    ticket: { shard: place.shard, lot: '1', lane: 'fast' as const, priority: 0 },
  }
  for (const way of Object.values(ways)) await way(redis, subject)
  expect(await redis.dbsize()).toBe(0)
})
