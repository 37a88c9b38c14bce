import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  abandonIntake,
  breakIntakes,
  cancelBatch,
  connected,
  connectRedis,
  createRequests,
  deleteBatch,
  endIntake,
  findBatchByKey,
  holdIntake,
  listBatches,
  listRejected,
  openBatch,
  packRequest,
  readBatch,
  readBlockResults,
  readBlocks,
  readRequest,
  shardKeys,
  takeBlock,
  tenantKeys,
} from '../../src/index.ts'
import { aSpec, create, importOne, newTenant } from '../make-requests.ts'
import { snapshot } from '../snapshot.ts'
import { type Records, startRecords } from '../start-records.ts'
import {
  blocksOf,
  makeBatch,
  newOwner,
  open,
  rejectEvery,
  takeAll,
  ticketsIn,
  workOffAll,
} from './make-batches.ts'

leakGuard()
let records: Records
let redis: Redis
beforeAll(async () => {
  records = await startRecords()
  redis = records.redis
})
afterAll(() => records.stop())
beforeEach(() => redis.flushall())

const once = { call: 'hash of the call' }
const partial = (owner: string) => ({ mode: 'partial', owner, once }) as const
const overAtOnce = { lease: 0 }

test('a batch has its rows in blocks of 256 ids in a row; a rejected row leaves its id unused', async () => {
  const place = newTenant()
  const owner = newOwner()
  const id = await open(redis, place, { owner })
  const isRejected = rejectEvery(10)
  const [first, between] = blocksOf({ rows: 600, isRejected }, owner)
  if (!first || !between) throw new Error('There are blocks too few.')
  expect(await takeBlock(redis, place, id, first)).toMatchObject({ kind: 'taken', base: '2' })
  // Another call takes ids meanwhile.
  expect((await create(redis, place)).ids).toEqual(['258'])
  expect(await takeBlock(redis, place, id, between)).toMatchObject({ base: '259' })
  for (let row = 0; row < 512; row++) {
    const path = String((row < 256 ? 2 : 259) + (row % 256))
    const request = await readRequest(redis, place, path)
    expect(request?.ref, path).toBe(isRejected(row) ? undefined : `row-${row}`)
  }
  expect(await readBatch(redis, place, id)).toMatchObject({
    state: 'taking',
    blocks: 2,
    counts: { rows: 512, accepted: 460, rejected: 52, queued: 460, ready: 0 },
    firstPath: '3',
    lastPath: '514',
  })
  const rejected = await listRejected(redis, place, id, { limit: 2 })
  expect(rejected).toMatchObject({ rejected: [{ line: 2 }, { line: 12 }], next: 12 })
  const more = await listRejected(redis, place, id, { after: 12, limit: 100 })
  expect(more.rejected).toHaveLength(50)
  expect(more.next).toBeUndefined()
})

test('a call that is made again after any block goes on where it broke, and ends with the same records', async () => {
  const input = { rows: 600, isRejected: rejectEvery(7) }
  const blocks = 3
  for (let there = 0; there <= blocks; there++) {
    const place = newTenant()
    const [one, other] = [newOwner(), newOwner()]
    const id = await open(redis, place, { ...partial(one), ...overAtOnce })
    const before = blocksOf(input, one).slice(0, there)
    const taken = await takeAll(
      redis,
      place,
      id,
      before.map((block) => ({ ...block, lease: 0 })),
    )
    expect(await openBatch(redis, place, partial(other))).toEqual({
      kind: 'resumed',
      id,
      blocks: there,
    })
    const answers = await takeAll(redis, place, id, blocksOf(input, other))
    expect(answers.map(({ kind }) => kind)).toEqual([
      ...Array(there).fill('there'),
      ...Array(blocks - there).fill('taken'),
    ])
    expect(await endIntake(redis, place, id, other)).toBe('taken')
    expect(await readBatch(redis, place, id)).toMatchObject({
      state: 'taken',
      counts: { rows: 600, accepted: 514, rejected: 86, queued: 514 },
    })
    const all = [...ticketsIn(taken), ...ticketsIn(answers)]
    expect(await workOffAll(redis, all)).toBe(514)
    expect(await readBatch(redis, place, id)).toMatchObject({ counts: { queued: 0, ready: 514 } })
    expect(await openBatch(redis, place, partial(newOwner()))).toEqual({ kind: 'done', id })
  }
})

test('another content is known at the first block that differs, and none of it is taken', async () => {
  const place = newTenant()
  const [one, other] = [newOwner(), newOwner()]
  const id = await open(redis, place, partial(one))
  const first = blocksOf({ rows: 512 }, one)
  await takeAll(redis, place, id, first)
  await abandonIntake(redis, place, id, one)
  await openBatch(redis, place, partial(other))
  const before = await snapshot(redis)
  const [another] = await takeAll(
    redis,
    place,
    id,
    blocksOf({ rows: 256, content: 'other' }, other),
  )
  expect(another).toEqual({ kind: 'there', base: '2', digest: first[0]?.digest })
  const blocks = await readBlocks(redis, place, id, { from: 0, limit: 10 })
  expect(blocks).toEqual(first.map(({ digest }, i) => ({ base: ['2', '258'][i], digest })))
  const { intakes } = shardKeys(place.shard)
  const but = (all: Record<string, unknown>) => ({ ...all, [intakes]: 'the lease' })
  expect(but(await snapshot(redis))).toEqual(but(before))
})

test('a restart of Redis between two blocks skips ids, and no row takes one that may have been given', async () => {
  const place = newTenant()
  const owner = newOwner()
  const id = await open(redis, place, { owner })
  const blocks = blocksOf({ rows: 512 }, owner)
  const [first] = await takeAll(redis, place, id, blocks.slice(0, 1))
  await redis.hset(tenantKeys(place.shard, place.tenant).nextId, 'run', 'another')
  const [second] = await takeAll(redis, place, id, blocks.slice(1))
  expect([first, second]).toMatchObject([{ base: '2' }, { base: '100258' }])
  await endIntake(redis, place, id, owner)
  await workOffAll(redis, ticketsIn([first, second].filter((one) => one !== undefined)))
  const results = await readBlockResults(redis, place, id, 1)
  expect(results[0]).toMatchObject({ row: 256, id: '100258', ref: 'row-256', state: 'ready' })
  expect(await readBatch(redis, place, id)).toMatchObject({ firstPath: '2', lastPath: '100513' })
})

test('a block that does not follow those that are there is refused', async () => {
  const place = newTenant()
  const owner = newOwner()
  const id = await open(redis, place, { owner })
  const [, second] = blocksOf({ rows: 512 }, owner)
  const [short] = blocksOf({ rows: 100 }, owner)
  const [, later] = blocksOf({ rows: 300 }, owner)
  if (!second || !short || !later) throw new Error('There are blocks too few.')
  await expect(takeBlock(redis, place, id, second)).rejects.toThrow('NOTNEXT')
  await takeBlock(redis, place, id, short)
  await expect(takeBlock(redis, place, id, later)).rejects.toThrow('NOTNEXT')
})

test('one owner at a time takes a batch in, until its lease is over; then the one before takes nothing more', async () => {
  const place = newTenant()
  const [one, other] = [newOwner(), newOwner()]
  const id = await open(redis, place, partial(one))
  expect(await openBatch(redis, place, partial(other))).toEqual({ kind: 'busy', id })
  const [first, second] = blocksOf({ rows: 512 }, one)
  if (!first || !second) throw new Error('There are blocks too few.')
  expect(await takeBlock(redis, place, id, { ...first, lease: 0 })).toMatchObject({ kind: 'taken' })
  // Its lease is over, but nobody has gone on: neither is anything lost.
  expect(await holdIntake(redis, place, id, one)).toBe(true)
  expect(await openBatch(redis, place, partial(other))).toEqual({ kind: 'busy', id })
  expect(await holdIntake(redis, place, id, one, 0)).toBe(true)
  expect(await openBatch(redis, place, partial(other))).toEqual({ kind: 'resumed', id, blocks: 1 })
  const before = await snapshot(redis)
  expect(await takeBlock(redis, place, id, second)).toEqual({ kind: 'lost' })
  expect(await takeBlock(redis, place, id, first)).toEqual({ kind: 'lost' })
  expect(await endIntake(redis, place, id, one)).toBe('lost')
  expect(await holdIntake(redis, place, id, one)).toBe(false)
  await abandonIntake(redis, place, id, one)
  expect(await snapshot(redis)).toEqual(before)
})

test('two calls at once are one new batch and one that finds it taken in', async () => {
  const place = newTenant()
  const kinds = await Promise.all(
    [newOwner(), newOwner(), newOwner()].map(async (owner) => {
      return (await openBatch(redis, place, partial(owner))).kind
    }),
  )
  expect(kinds.sort()).toEqual(['busy', 'busy', 'new'])
})

test('the sweep marks an intake whose lease is over as broken, and what it had goes on', async () => {
  const place = newTenant()
  const owner = newOwner()
  const id = await open(redis, place, partial(owner))
  const [block, next] = blocksOf({ rows: 512 }, owner)
  if (!block || !next) throw new Error('There are blocks too few.')
  const taken = await takeBlock(redis, place, id, block)
  expect(await breakIntakes(redis, place.shard)).toEqual([])
  await holdIntake(redis, place, id, owner, 0)
  expect(await breakIntakes(redis, place.shard)).toEqual([{ tenant: place.tenant, id }])
  expect(await breakIntakes(redis, place.shard)).toEqual([])
  expect(await readBatch(redis, place, id)).toMatchObject({ state: 'broken', blocks: 1 })
  expect(await takeBlock(redis, place, id, next)).toEqual({ kind: 'lost' })
  expect(await workOffAll(redis, ticketsIn([taken]))).toBe(256)
  const broken = await readBatch(redis, place, id)
  expect(broken).toMatchObject({
    counts: { ready: 256, queued: 0 },
    times: { settled: expect.any(Number) },
  })
  const again = newOwner()
  expect(await openBatch(redis, place, partial(again))).toMatchObject({ kind: 'resumed' })
  const resumed = await readBatch(redis, place, id)
  expect(resumed?.state).toBe('taking')
  expect(resumed?.times).not.toHaveProperty('settled')
})

test('a key of a call means one mode, and a batch and no other call', async () => {
  const place = newTenant()
  const id = await open(redis, place, partial(newOwner()))
  const reused = { code: 'idempotency_key_reused' }
  const atomic = { ...partial(newOwner()), mode: 'atomic' } as const
  await expect(openBatch(redis, place, atomic)).rejects.toMatchObject(reused)
  const lot = { requests: [{ spec: aSpec() }], lane: 'fast', priority: 0 } as const
  const single = { ...lot, once: { ...once, digest: 'of the body' } }
  await expect(createRequests(redis, place, single)).rejects.toMatchObject(reused)
  expect(await findBatchByKey(redis, place, once.call)).toMatchObject({ id })
  expect(await findBatchByKey(redis, place, 'never')).toBeUndefined()
  const other = newTenant()
  await createRequests(redis, other, single)
  await expect(openBatch(redis, other, partial(newOwner()))).rejects.toMatchObject(reused)
  expect(await findBatchByKey(redis, other, once.call)).toBeUndefined()
})

test('what an earlier call has made and was deleted since is said to be gone', async () => {
  const place = newTenant()
  const id = await open(redis, place, partial(newOwner()))
  await deleteBatch(redis, place, id)
  expect(await openBatch(redis, place, partial(newOwner()))).toEqual({ kind: 'gone', id })
})

test('an intake of a cancelled or deleted batch takes nothing more', async () => {
  for (const end of [cancelBatch, deleteBatch]) {
    const place = newTenant()
    const owner = newOwner()
    const id = await open(redis, place, { owner })
    const [block, next] = blocksOf({ rows: 512 }, owner)
    if (!block || !next) throw new Error('There are blocks too few.')
    await takeBlock(redis, place, id, block)
    await end(redis, place, id)
    expect(await takeBlock(redis, place, id, next)).toEqual({ kind: 'lost' })
    expect(await endIntake(redis, place, id, owner)).toBe('lost')
  }
})

test('a tenant has no more batches open than its limit; those that have nothing queued do not count', async () => {
  const place = newTenant()
  const limit = { openLimit: 2 }
  const made = await makeBatch(redis, place, { rows: 2 })
  await open(redis, place, limit)
  const third = { mode: 'partial', owner: newOwner(), ...limit } as const
  const before = await snapshot(redis)
  expect(await openBatch(redis, place, third)).toEqual({ kind: 'too_many' })
  expect(await snapshot(redis)).toEqual(before)
  await workOffAll(redis, made.tickets)
  expect(await openBatch(redis, place, third)).toMatchObject({ kind: 'new' })
  expect(await openBatch(redis, place, { ...third, owner: newOwner() })).toEqual({
    kind: 'too_many',
  })
})

test('a block that would pass the limit of queued requests is not taken, parked ones counted, and can come later', async () => {
  for (const mode of ['partial', 'atomic'] as const) {
    const place = newTenant()
    const owner = newOwner()
    const id = await open(redis, place, { owner, mode })
    const [first, second] = blocksOf({ rows: 512 }, owner)
    if (!first || !second) throw new Error('There are blocks too few.')
    const queuedLimit = 511
    const taken = await takeBlock(redis, place, id, { ...first, queuedLimit })
    const full = { code: 'queue_full', retryAfter: 30 }
    const before = await snapshot(redis)
    await expect(takeBlock(redis, place, id, { ...second, queuedLimit })).rejects.toMatchObject(
      full,
    )
    const requests = [{ spec: aSpec() }]
    const beyond = { requests, lane: 'fast', priority: 0, queuedLimit: 256 } as const
    await expect(createRequests(redis, place, beyond)).rejects.toMatchObject(full)
    expect(await snapshot(redis)).toEqual(before)
    if (mode === 'atomic') continue
    await workOffAll(redis, ticketsIn([taken]).slice(0, 1))
    expect(await takeBlock(redis, place, id, { ...second, queuedLimit })).toMatchObject({
      kind: 'taken',
    })
  }
})

test('a row that names a key that is not there takes nothing, and says which', async () => {
  const place = newTenant()
  const owner = newOwner()
  const keyId = await importOne(redis, place, 'a')
  const id = await open(redis, place, { owner })
  const rowsWith = (key: string) => [{ offset: 0, ...packRequest({ spec: aSpec(), keyId: key }) }]
  const blockWith = (key: string) => ({
    ...{ owner, number: 0, digest: 'x', size: 1, rejects: [] },
    lots: [{ lane: 'fast' as const, rows: rowsWith(key) }],
  })
  const before = await snapshot(redis)
  expect(await takeBlock(redis, place, id, blockWith('99'))).toEqual({
    kind: 'key_not_found',
    keyId: '99',
  })
  expect(await snapshot(redis)).toEqual(before)
  expect(await takeBlock(redis, place, id, blockWith(keyId))).toMatchObject({ kind: 'taken' })
  const { keyUses, unusedKeys } = tenantKeys(place.shard, place.tenant)
  expect(await redis.smembers(keyUses(keyId))).toEqual(['3'])
  expect(await redis.zcard(unusedKeys)).toBe(0)
})

test('a full Redis takes neither a batch nor a block, and the intake ends all the same', async () => {
  const place = newTenant()
  const owner = newOwner()
  const id = await open(redis, place, { owner })
  const [first, second] = blocksOf({ rows: 512 }, owner)
  if (!first || !second) throw new Error('There are blocks too few.')
  await takeBlock(redis, place, id, first)
  const before = await snapshot(redis)
  await redis.config('SET', 'maxmemory', 1)
  // Both connections meet it: one that has just looked, and one that asks first.
  const late = connectRedis(records.server.url, 'work', { onError: () => {} })
  await connected(late, 5_000)
  await expect(takeBlock(redis, place, id, second)).rejects.toThrow(/OOM|is full/)
  await expect(takeBlock(late, place, id, second)).rejects.toMatchObject({ code: 'storage_full' })
  await expect(openBatch(late, place, partial(owner))).rejects.toMatchObject({
    code: 'storage_full',
  })
  late.disconnect()
  expect(await snapshot(redis)).toEqual(before)
  expect(await endIntake(redis, place, id, owner)).toBe('taken')
  await redis.config('SET', 'maxmemory', 0)
  // A look at how full it is counts for a second: the tests after this one have room again.
  const hasRoom = () =>
    open(redis, newTenant()).then(
      () => true,
      () => false,
    )
  await expect.poll(hasRoom, { timeout: 3_000 }).toBe(true)
})

test('batches are listed newest first, a page at a time, and only their tenant finds them', async () => {
  const place = newTenant()
  const ids = [await open(redis, place), await open(redis, place), await open(redis, place)]
  const page = await listBatches(redis, place, { limit: 2 })
  expect(page.batches.map(({ id }) => id)).toEqual([ids[2], ids[1]])
  const rest = await listBatches(redis, place, { limit: 2, before: page.next })
  expect(rest.batches.map(({ id }) => id)).toEqual([ids[0]])
  expect(rest.next).toBeUndefined()
  const other = newTenant()
  expect(await readBatch(redis, other, ids[0] ?? '')).toBeUndefined()
  expect((await listBatches(redis, other, { limit: 9 })).batches).toEqual([])
})
