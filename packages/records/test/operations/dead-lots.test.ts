import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ActingPlace,
  countDeadLots,
  deleteRequest,
  listDeadLots,
  readAudit,
  readRequest,
  retryDeadLot,
  shardTags,
  startLot,
} from '../../src/index.ts'
import { create, newRun, newTenant, workOff } from '../make-requests.ts'
import { type Records, startRecords } from '../start-records.ts'

leakGuard()
const shards = shardTags(3)
let records: Records
beforeAll(async () => {
  records = await startRecords()
})
afterAll(() => records.stop())

/** A request whose lot two workers died with. */
async function die(place: ActingPlace): Promise<{ path: string; lot: string }> {
  const { ids, ticket } = await create(records.redis, place)
  for (let i = 0; i < 2; i++) await startLot(records.redis, newRun(ticket))
  expect((await startLot(records.redis, newRun(ticket))).kind).toBe('dead')
  return { path: ids[0] ?? '', lot: ticket.lot }
}

const operator = newTenant(shards[0])

test('dead lots of all shards are listed, page by page, until their requests are retried or deleted', async () => {
  const { redis } = records
  const [first, third] = [newTenant(shards[0]), newTenant(shards[2])]
  expect(await listDeadLots(redis, shards, { limit: 10 })).toEqual({ deadLots: [] })
  const dead = [await die(first), await die(first), await die(third)] as const
  expect(await countDeadLots(redis, shards)).toBe(3)
  const { deadLots } = await listDeadLots(redis, shards, { limit: 10 })
  expect(deadLots).toMatchObject([
    { id: `0-${dead[1].lot}`, tenant: first.tenant, path: dead[1].path, lane: 'fast', starts: 2 },
    { id: `0-${dead[0].lot}`, tenant: first.tenant, path: dead[0].path },
    { id: `2-${dead[2].lot}`, tenant: third.tenant, path: dead[2].path },
  ])
  const now = Date.now()
  for (const { created, died } of deadLots) {
    expect(died).toBeGreaterThanOrEqual(created)
    expect(now - created).toBeLessThan(60_000)
  }
  const paged = []
  for (let from: { shard: number; offset: number } | undefined; ; ) {
    const page = await listDeadLots(redis, shards, { limit: 1, ...(from && { from }) })
    paged.push(...page.deadLots)
    if (!page.next) break
    from = page.next
  }
  expect(paged).toEqual(deadLots)

  await deleteRequest(redis, first, dead[0].path)
  const retried = await retryDeadLot(redis, operator, shards, `2-${dead[2].lot}`)
  expect(retried).toMatchObject({ tenant: third.tenant, path: dead[2].path })
  expect(await readRequest(redis, third, dead[2].path)).toMatchObject({ state: 'queued' })
  const left = await listDeadLots(redis, shards, { limit: 10 })
  expect(left.deadLots.map(({ id }) => id)).toEqual([`0-${dead[1].lot}`])

  const { ticket } = retried
  expect(ticket).toMatchObject({ shard: shards[2], lane: 'fast', priority: 0 })
  expect(await workOff(redis, third, { ids: [dead[2].path], ticket })).toBe(1)
  const audits = await Promise.all(
    [operator, third].map((place) => readAudit(redis, place, { limit: 2 })),
  )
  expect(audits[0]?.entries).toMatchObject([
    { action: 'lot.retry', ids: [`2-${dead[2].lot}`], actor: operator.actor, outcome: 'done' },
  ])
  // The tenant learns that an operator did it, and by which call: not who he is.
  expect(audits[1]?.entries[1]).toMatchObject({
    ...{ action: 'request.retry', ids: [dead[2].path] },
    actor: { by: 'operator', from: 'installation', call: 'call-1' },
  })
})

test('what is no dead lot is not found, and nothing is noted', async () => {
  const { redis } = records
  const place = newTenant(shards[1])
  const { ticket } = await create(redis, place)
  const before = await redis.xlen(`{s10}:t:${operator.tenant}:audit`)
  for (const id of [`1-${ticket.lot}`, '1-999', '9-1', '0-0']) {
    await expect(retryDeadLot(redis, operator, shards, id)).rejects.toMatchObject({
      code: 'dead_lot_not_found',
    })
  }
  expect(await redis.xlen(`{s10}:t:${operator.tenant}:audit`)).toBe(before)
})
