import { type ErrorCode, ServiceError, toProblem } from '@csr-foundry/service'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ActingPlace,
  installationKeys,
  type RequestResult,
  type RetryPoint,
  readAllFailures,
  readAudit,
  readFailures,
  readRequest,
  retryFailures,
  retryOwnFailures,
  shardTag,
  tenantKeys,
} from '../../src/index.ts'
import { create, newTenant, workOff } from '../make-requests.ts'
import { type Records, startRecords } from '../start-records.ts'

leakGuard()
let records: Records
beforeAll(async () => {
  records = await startRecords()
})
afterAll(() => records.stop())

const operator = newTenant()

/** A tenant that is in the list of tenants. */
async function listed(shard = 0): Promise<ActingPlace> {
  const place = newTenant(shardTag(shard))
  await records.redis.sadd(installationKeys.tenants, place.tenant)
  await records.redis.hset(installationKeys.tenant(place.tenant), 'shard', shard)
  return place
}

const failedWith =
  (code: ErrorCode) =>
  (id: string): RequestResult => ({
    id,
    state: 'failed',
    problem: toProblem(new ServiceError(code)),
  })

/** Requests of one lot that have failed; gives their ids. */
async function fail(place: ActingPlace, code: ErrorCode, count = 1): Promise<string[]> {
  const created = await create(records.redis, place, count)
  expect(await workOff(records.redis, place, created, failedWith(code))).toBe(count)
  return created.ids
}

const failedOf = ({ shard, tenant }: ActingPlace) =>
  records.redis.zcard(tenantKeys(shard, tenant).failed)

async function forgetTenants() {
  await records.redis.del(installationKeys.tenants)
}

test('what has failed is grouped by code, of one tenant and of all, with the newest path ids', async () => {
  const { redis } = records
  const [one, other] = [await listed(), await listed(1)]
  await fail(one, 'csr_not_made', 12)
  const died = await fail(one, 'worker_died')
  const ofOther = await fail(other, 'worker_died', 2)
  await create(redis, other)
  expect(await readFailures(redis, one)).toMatchObject({
    ...{ failed: 13, looked: 13 },
    groups: [
      {
        ...{ code: 'csr_not_made', count: 12 },
        tenants: [{ tenant: one.tenant, count: 12, newest: '12 11 10 9 8 7 6 5 4 3'.split(' ') }],
      },
      { code: 'worker_died', count: 1, tenants: [{ tenant: one.tenant, newest: died }] },
    ],
  })
  expect(await readAllFailures(redis)).toMatchObject({
    ...{ failed: 15, looked: 15 },
    groups: [
      { code: 'csr_not_made', count: 12 },
      {
        ...{ code: 'worker_died', count: 3 },
        tenants: [
          { tenant: other.tenant, count: 2, newest: ofOther.toReversed() },
          { tenant: one.tenant, count: 1, newest: died },
        ],
      },
    ],
  })
  await forgetTenants()
})

test('a retry is of one code, keeps path ids and lots, counts right, and waits in turn', async () => {
  const { redis } = records
  const [one, other] = [await listed(), await listed()]
  const ids = await fail(one, 'csr_not_made', 3)
  const kept = await fail(one, 'worker_died')
  await fail(other, 'csr_not_made')
  const retried = await retryFailures(redis, operator, { code: 'csr_not_made', tenant: one.tenant })
  expect(retried).toMatchObject({ retried: 3, tickets: [{ lane: 'fast', shard: one.shard }] })
  const [ticket] = retried.tickets
  expect(ticket?.priority).toBeGreaterThan(0)
  expect([await failedOf(one), await failedOf(other)]).toEqual([1, 1])
  expect(await redis.hgetall(tenantKeys(one.shard, one.tenant).counts)).toMatchObject({
    ...{ queued: '3', failed: '1' },
  })
  const queued = await readRequest(redis, one, ids[0] ?? '')
  expect(queued).toMatchObject({ state: 'queued' })
  expect(queued).not.toHaveProperty('problem')
  if (ticket) expect(await workOff(redis, one, { ids, ticket })).toBe(3)
  expect(await readRequest(redis, one, ids[2] ?? '')).toMatchObject({ state: 'ready' })
  expect(await readRequest(redis, one, kept[0] ?? '')).toMatchObject({ state: 'failed' })
  const [entry] = (await readAudit(redis, operator, { limit: 1 })).entries
  expect(entry).toMatchObject({ action: 'failures.retry', ids: ['csr_not_made', one.tenant] })
  const theirs = (await readAudit(redis, one, { limit: 9 })).entries
  expect(theirs.find(({ action }) => action === 'request.retry')).toMatchObject({
    ...{ ids: ids.toReversed(), actor: { by: 'operator', call: 'call-1' } },
  })
  await forgetTenants()
})

test('many are retried call by call, and what fails again meanwhile is not looked at twice', async () => {
  const { redis } = records
  const [one, other] = [await listed(), await listed()]
  for (let lot = 0; lot < 18; lot++) await fail(one, 'csr_not_made', 128)
  await fail(other, 'csr_not_made', 5)
  const answers: number[] = []
  let from: RetryPoint | undefined
  do {
    const { retried, next, tickets } = await retryFailures(redis, operator, {
      ...{ code: 'csr_not_made', from },
    })
    answers.push(retried)
    // They fail again at once.
    for (const ticket of tickets) {
      const ids = (await redis.hget(`${ticket.shard}:lot:${ticket.lot}`, 'ids'))?.split(',') ?? []
      const place = ids.length === 5 ? other : one
      expect(await workOff(redis, place, { ids, ticket }, failedWith('csr_not_made'))).toBe(
        ids.length,
      )
    }
    from = next
  } while (from)
  expect(answers).toEqual([2_048, 261])
  expect([await failedOf(one), await failedOf(other)]).toEqual([18 * 128, 5])
  // Of each tenant the newest are looked at.
  expect(await readAllFailures(redis)).toMatchObject({ failed: 2_309, looked: 2_048 + 5 })
  await forgetTenants()
})

test('a tenant retries its own, and learns nothing of others', async () => {
  const { redis } = records
  const [one, other] = [await listed(), await listed()]
  const ids = await fail(one, 'csr_not_made', 2)
  await fail(other, 'csr_not_made')
  const { retried } = await retryOwnFailures(redis, one, { code: 'csr_not_made' })
  expect([retried, await failedOf(one), await failedOf(other)]).toEqual([2, 0, 1])
  const [entry] = (await readAudit(redis, one, { limit: 1 })).entries
  expect(entry).toMatchObject({ action: 'request.retry', ids: ids.toReversed(), actor: one.actor })
  await forgetTenants()
})

test('nothing to retry is nothing to note', async () => {
  const { redis } = records
  const before = await redis.xlen(`{s10}:t:${operator.tenant}:audit`)
  expect(await retryFailures(redis, operator, { code: 'internal' })).toEqual({
    ...{ retried: 0, tickets: [] },
  })
  expect(await redis.xlen(`{s10}:t:${operator.tenant}:audit`)).toBe(before)
})
