import { Secret } from '@csr-foundry/service'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  breakIntakes,
  callOnce,
  cancelBatch,
  cancelRequest,
  changeBatches,
  changePolicy,
  changeUser,
  completeLot,
  createErrand,
  createSession,
  createTenant,
  createToken,
  createUser,
  deleteBatch,
  deleteKey,
  deleteRequest,
  deleteUser,
  drainWorker,
  endSession,
  ensureAdministrator,
  findLostLots,
  findTenant,
  finishErrand,
  giveBackLot,
  installationKeys,
  isPasswordOf,
  leaseRetention,
  listBatches,
  listDeadLots,
  listKeys,
  listKeysFrom,
  listRejected,
  markCleanEnd,
  newErrandId,
  newestRequest,
  readAccount,
  readAllFailures,
  readAudit,
  readBlockResults,
  readBlocks,
  readFailures,
  readKey,
  readOrders,
  readPolicy,
  readRequest,
  readSealedKey,
  readSession,
  readTokenStanding,
  retryBatch,
  retryDeadLot,
  retryOwnFailures,
  sessionHash,
  setConcurrency,
  shardTag,
  shardTags,
  startLot,
  takeErrand,
  tokenHash,
  walkRequests,
} from '../src/index.ts'
import { changeAll, makeBatch, open, rejectEvery, workOffAll } from './batches/make-batches.ts'
import {
  actor,
  beginErrand,
  create,
  failedResult,
  importOne,
  newRun,
  newTenant,
  readyResult,
  retry,
  signedResult,
  workOff,
} from './make-requests.ts'
import { day, expireAll, makeOlder } from './retention/old-records.ts'
import { slotOf } from './slot-of.ts'
import { type Records, startRecords } from './start-records.ts'

const findPrincipal = async (redis: Redis, name: string, password: Secret) => {
  const account = await readAccount(redis, name)
  return (await isPasswordOf(account, password)) ? account?.principal : undefined
}

leakGuard()

test('every script and every call stays in one slot on a cluster', async () => {
  await using records = await startRecords({ cluster: true })
  const { redis } = records
  for (const shard of shardTags(3)) {
    const place = newTenant(shard)
    const lot = await create(redis, place, 4)
    await startLot(redis, newRun(lot.ticket))
    const split = await startLot(redis, newRun(lot.ticket))
    if (split.kind !== 'split') throw new Error(`The lot is ${split.kind}.`)
    const [one, two, three, four] = split.tickets.map((ticket) => newRun(ticket))
    if (!one || !two || !three || !four) throw new Error('There are lots too few.')
    expect(await completeLot(redis, one, place.tenant, [readyResult('1')])).toBe(1)
    expect(await completeLot(redis, two, place.tenant, [failedResult('2')])).toBe(1)
    for (const take of ['a', 'b', 'c']) await startLot(redis, { ...three, take })
    await startLot(redis, four)
    await giveBackLot(redis, four, 'drain')
    expect(await readRequest(redis, place, '3')).toMatchObject({ state: 'failed' })
    expect(await retry(redis, place, '3')).toMatchObject({ lane: 'fast' })
    expect(await cancelRequest(redis, place, '4')).toBe(true)
    for (const id of ['1', '2']) expect(await deleteRequest(redis, place, id)).toBe(true)
    const lost = await findLostLots(redis, shard, { offset: 0, limit: 9, leastAge: -1_000 })
    expect(lost.tickets).toHaveLength(1)
    await workOff(redis, place, await create(redis, place))
    await useKeys(records, place)
    await useErrand(records, place)
    await walk(records, place)
    await useBatches(records, place)
    await useRetention(records, place)
    await operate(records, place)
  }
  await markCleanEnd(redis, shardTags(3))
  await useInstallation(records)
  await expectSlots(records)
})

async function useKeys({ redis }: Records, place: ActingPlace): Promise<void> {
  const keyId = await importOne(redis, place, 'a')
  const created = await create(redis, place, 1, { keyId })
  expect(await workOff(redis, place, created, (id) => signedResult(id, keyId))).toBe(1)
  expect(await deleteKey(redis, place, keyId)).toBe('in_use')
  expect(await readKey(redis, place, keyId)).toMatchObject({ inUse: true })
  expect(await readSealedKey(redis, place, keyId)).toBeDefined()
  const { keys } = await listKeys(redis, place, { which: 'all', page: { offset: 0, limit: 9 } })
  expect(await listKeysFrom(redis, place, { which: 'all', limit: 9 })).toEqual({ keys })
  expect(await deleteRequest(redis, place, created.ids[0] ?? '')).toBe(true)
  expect(await deleteKey(redis, place, keyId)).toBe('deleted')
  await importOne(redis, place, 'b')
}

async function useErrand({ redis }: Records, place: ActingPlace): Promise<void> {
  const about = await importOne(redis, place, 'c')
  const errand = { kind: 'export', id: newErrandId(), input: '', about } as const
  const begun = await beginErrand(redis, await createErrand(redis, place, errand))
  await finishErrand(redis, begun.run, begun.errand, { state: 'done', result: 'x' })
  expect(await takeErrand(redis, place, errand)).toMatchObject({ state: 'done' })
  expect(await readAudit(redis, place, { limit: 1 })).toMatchObject({
    entries: [{ action: 'export.read', ids: [about] }],
  })
}

async function useBatches({ redis }: Records, place: ActingPlace): Promise<void> {
  const input = { rows: 5, isRejected: rejectEvery(5) }
  const { id, tickets } = await makeBatch(redis, place, input)
  await workOffAll(redis, tickets, failedResult)
  await retryBatch(redis, place, id)
  const changed = await changeBatches(redis, place.shard, { blocks: 9 })
  expect(await workOffAll(redis, changed.tickets)).toBe(4)
  expect(await readBlockResults(redis, place, id, 0)).toHaveLength(4)
  expect((await readBlocks(redis, place, id, { from: 0, limit: 9 })).length).toBe(1)
  expect((await listRejected(redis, place, id, { limit: 9 })).rejected).toHaveLength(1)
  const atomic = await makeBatch(redis, place, { rows: 3 }, 'atomic')
  await cancelBatch(redis, place, atomic.id)
  expect(await changeAll(redis, place, atomic.id)).toEqual([])
  expect((await listBatches(redis, place, { limit: 9 })).batches).toHaveLength(2)
  await deleteBatch(redis, place, atomic.id)
  await changeAll(redis, place, atomic.id)
  await open(redis, place, { lease: 0, once: { call: 'x' } })
  expect(await breakIntakes(redis, place.shard)).toHaveLength(1)
  await open(redis, place)
}

async function useRetention({ redis }: Records, place: ActingPlace): Promise<void> {
  expect(await leaseRetention(redis, place.shard, 'one')).toBe(true)
  expect(await leaseRetention(redis, place.shard, 'one')).toBe(true)
  const made = await create(redis, place, 2)
  await makeOlder(redis, place, made.ids, 2 * day)
  const { id, tickets } = await makeBatch(redis, place, { rows: 1 })
  await workOffAll(redis, tickets)
  // All of the tenant is older than nothing.
  const removed = await expireAll(redis, place, { days: 0 })
  expect(removed).toMatchObject({ batches: expect.any(Number), requests: expect.any(Number) })
  expect(removed.batches).toBeGreaterThan(0)
  expect(removed.requests).toBeGreaterThan(0)
  await changeAll(redis, place, id)
}

async function operate({ redis }: Records, place: ActingPlace): Promise<void> {
  const { ids, ticket } = await create(redis, place)
  for (let i = 0; i < 3; i++) await startLot(redis, newRun(ticket))
  const { deadLots } = await listDeadLots(redis, [place.shard], { limit: 9 })
  expect(deadLots).toMatchObject([{ id: `0-${ticket.lot}`, path: ids[0] }])
  expect(await readFailures(redis, place)).toMatchObject({ groups: [{ code: 'worker_died' }] })
  const dead = await retryDeadLot(redis, place, [place.shard], `0-${ticket.lot}`)
  await workOff(redis, place, { ids, ticket: dead.ticket }, failedResult)
  const { retried, tickets } = await retryOwnFailures(redis, place, { code: 'csr_not_made' })
  expect([retried, tickets.length]).toEqual([1, 1])
  if (tickets[0]) await workOff(redis, place, { ids, ticket: tickets[0] })
}

async function walk({ redis }: Records, place: ActingPlace): Promise<void> {
  expect(await newestRequest(redis, place)).toMatchObject({ state: 'ready' })
  for (const state of ['queued', 'failed'] as const) {
    const page = await walkRequests(redis, place, { limit: 9, state, q: 'edge' })
    expect(page.next).toBeUndefined()
  }
}

async function useInstallation({ redis }: Records): Promise<void> {
  const password = new Secret('correct horse')
  expect(await ensureAdministrator(redis, 'admin', password)).toBe(true)
  expect(await findPrincipal(redis, 'admin', password)).toMatchObject({ tenant: 'default' })
  const place = await findTenant(redis, 'default')
  if (!place) throw new Error('The first tenant was not made.')
  await changePolicy(redis, { ...place, actor }, { lxcaSpec: 'CNSA' })
  await redis.zadd(installationKeys.workers, 1, 'host:1')
  await drainWorker(redis, { ...place, actor }, 'host:1')
  await setConcurrency(redis, { ...place, actor }, { fast: 2 })
  expect(await readOrders(redis, 'host:1')).toEqual({ draining: true, concurrency: { fast: 2 } })
  expect((await readAllFailures(redis)).failed).toBe(0)
  expect(await readPolicy(redis, 'default')).toMatchObject({ lxcaSpec: 'CNSA' })
  await useAccounts(redis)
}

async function useAccounts(redis: Redis): Promise<void> {
  const by = { name: 'admin', roles: ['admin'] as const }
  for (const name of ['one', 'two', 'three']) {
    const administrator = { name: 'boss', password: 'x', roles: ['admin'] as const }
    await createTenant(redis, { tenant: 'default', shard: shardTag(0), actor }, 3, {
      name,
      administrator,
    })
    const account = await readAccount(redis, `boss@${name}`)
    if (!account) throw new Error('The administrator was not made.')
    const place = { ...account.place, actor }
    await createUser(redis, place, { ...administrator, name: 'other' }, by)
    const session = await createSession(redis, place, `boss@${name}`, account.generation)
    expect(await readSession(redis, sessionHash(session))).toEqual(account)
    const once = callOnce([name], '')
    const { token } = await createToken(redis, place, { name: 'ci', roles: [] }, by, once)
    await endSession(redis, place, session)
    expect(await readTokenStanding(redis, tokenHash(token))).toBeDefined()
    await changeUser(redis, place, 'other', { roles: [] }, by)
    expect(await deleteUser(redis, place, 'other', by)).toBe(true)
  }
}

/** Redis counts slots as our own count does, and what has a tag has the tag of a shard. */
async function expectSlots({ redis }: Records): Promise<void> {
  const keys = await redis.keys('*')
  expect(keys.length).toBeGreaterThan(20)
  for (const key of keys) {
    expect(await redis.cluster('KEYSLOT', key), key).toBe(slotOf(key))
    const tag = /^\{.+?\}/.exec(key)?.[0]
    if (tag !== undefined) expect(shardTags(3)).toContain(tag)
    else
      expect(key).toMatch(
        /^(tenants|workers|operations(:host:1)?|tenant:\w+|(login|sessions):[\w@]+|(token|session):[0-9a-f]{64})$/,
      )
  }
}
