import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  cancelRequest,
  completeLot,
  connectRedis,
  deleteKey,
  deleteRequest,
  importKey,
  listKeys,
  listKeysFrom,
  type NewKey,
  readKey,
  readKeys,
  readRequest,
  readSealedKey,
  startLot,
  type TenantPlace,
  takeId,
  tenantKeys,
} from '../src/index.ts'
import {
  aSpec,
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
import { snapshot } from './snapshot.ts'
import type { Records } from './start-records.ts'
import { withEmptyRecords } from './with-empty-records.ts'

let redis: Redis
let server: Records['server']
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  server = records.server
  place = newTenant()
})

const newKey = (id: string, what = id): NewKey => ({
  id,
  algorithm: 'rsa-2048',
  spki: Buffer.from(`spki of ${what}`),
  sealed: Buffer.from(`sealed of ${what}`),
  custody: 'internal',
})

const inUse = async (place: TenantPlace, id: string) => (await readKey(redis, place, id))?.inUse
const allKeys = { which: 'all', page: { offset: 0, limit: 100 } } as const
const unusedKeys = { which: 'unused', page: { offset: 0, limit: 100 } } as const
const idsOf = (keys: readonly { id: string }[]) => keys.map(({ id }) => id)
const listed = async (place: TenantPlace) => idsOf((await listKeys(redis, place, allKeys)).keys)
const unused = async (place: TenantPlace) => idsOf((await listKeys(redis, place, unusedKeys)).keys)

/** A ready request that was signed with a key. */
async function sign(place: ActingPlace, keyId: string): Promise<string> {
  const created = await create(redis, place, 1, { keyId })
  await workOff(redis, place, created, (id) => signedResult(id, keyId))
  return created.ids[0] ?? ''
}

test('an imported key is read back without what is sealed, which workers read', async () => {
  await create(redis, place)
  const id = await importOne(redis, place, 'a', 'edge key')
  expect(id).toBe('2')
  expect(await readKey(redis, place, id)).toEqual({
    id,
    algorithm: 'ecdsa-p384',
    spki: Buffer.from('spki of a'),
    custody: 'exportable',
    origin: 'imported',
    name: 'edge key',
    created: expect.any(Number),
    inUse: false,
  })
  expect(await readSealedKey(redis, place, id)).toEqual({
    algorithm: 'ecdsa-p384',
    spki: Buffer.from('spki of a'),
    custody: 'exportable',
    sealed: Buffer.from('sealed of a'),
  })
  expect((await create(redis, place)).ids).toEqual(['3'])
})

test('a tenant imports the same key once: the second time it learns the id of the first', async () => {
  const [place, other] = [newTenant(), newTenant()]
  const id = await importOne(redis, place, 'a')
  const again = await takeId(redis, place)
  const before = await snapshot(redis)
  expect(
    await importKey(redis, place, { ...newKey(again), spki: Buffer.from('spki of a') }),
  ).toEqual({ imported: false, knownAs: id })
  expect(await snapshot(redis)).toEqual(before)
  expect(await importOne(redis, other, 'a')).toBe('1')
  expect(await deleteKey(redis, place, id)).toBe('deleted')
  expect(await importOne(redis, place, 'a')).toBe('3')
})

test('of many who import the same key at once one does', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => takeId(redis, place)))
  const answers = await Promise.all(
    ids.map((id) => importKey(redis, place, newKey(id, 'the same'))),
  )
  const winner = ids[answers.findIndex(({ imported }) => imported)]
  expect(answers.filter(({ imported }) => imported)).toHaveLength(1)
  expect(answers.flatMap((one) => ('knownAs' in one ? [one.knownAs] : []))).toEqual(
    Array(19).fill(winner),
  )
})

test('a key is imported under no id but one that was taken for it and is free', async () => {
  await create(redis, place)
  const id = await importOne(redis, place, 'a')
  const before = await snapshot(redis)
  for (const other of ['1', id, '3', '100']) {
    await expect(importKey(redis, place, newKey(other, 'b'))).rejects.toThrow(/IDTAKEN/)
  }
  expect(await snapshot(redis)).toEqual(before)
})

test('a key is not found, listed, used or deleted by another tenant', async () => {
  const [place, other] = [newTenant(), newTenant()]
  const id = await importOne(redis, place, 'a')
  const before = await snapshot(redis)
  expect(await readKey(redis, other, id)).toBeUndefined()
  expect(await readSealedKey(redis, other, id)).toBeUndefined()
  expect(await listKeys(redis, other, allKeys)).toEqual({ keys: [], total: 0 })
  expect(await listKeysFrom(redis, other, { which: 'all', limit: 9 })).toEqual({ keys: [] })
  expect(await deleteKey(redis, other, id)).toBe('unknown')
  await expect(create(redis, other, 1, { keyId: id })).rejects.toMatchObject({
    code: 'key_not_found',
    message: `The key ${id} was not found.`,
  })
  expect(await snapshot(redis)).toEqual(before)
})

test('a create that names one unknown key among many requests writes nothing', async () => {
  const id = await importOne(redis, place, 'a')
  const before = await snapshot(redis)
  await expect(create(redis, place, 2, { keyId: '77' })).rejects.toMatchObject({
    code: 'key_not_found',
    message: 'The key 77 was not found.',
  })
  expect(await snapshot(redis)).toEqual(before)
  expect(await unused(place)).toEqual([id])
})

test('a request that names a key is given to the worker with it, takes only its CSR, and leaves the key as it is', async () => {
  const keyId = await importOne(redis, place, 'a')
  const key = await redis.hgetall(tenantKeys(place.shard, place.tenant).key(keyId))
  const { ids, ticket } = await create(redis, place, 1, { keyId })
  const [id = ''] = ids
  expect(await readRequest(redis, place, id)).toMatchObject({ state: 'queued', keyId })
  const run = newRun(ticket)
  const start = await startLot(redis, run)
  expect(start).toMatchObject({ requests: [{ id, spec: aSpec(), keyId }] })
  // Neither a key of its own nor one signed with another key.
  for (const wrong of [readyResult(id), signedResult(id, '99')]) {
    expect(await completeLot(redis, run, place.tenant, [wrong])).toBe(0)
  }
  expect(await completeLot(redis, run, place.tenant, [signedResult(id, keyId)])).toBe(1)
  expect(await readRequest(redis, place, id)).toMatchObject({
    state: 'ready',
    keyId,
    algorithm: 'ecdsa-p384',
    csr: Buffer.from(`csr of ${id} by one`),
  })
  expect(await redis.hgetall(tenantKeys(place.shard, place.tenant).key(keyId))).toEqual(key)
  expect(await readKey(redis, place, id)).toBeUndefined()
})

test('a request without a key takes no result that was signed with another', async () => {
  const keyId = await importOne(redis, place, 'a')
  const created = await create(redis, place)
  expect(await workOff(redis, place, created, (id) => signedResult(id, keyId))).toBe(0)
  expect(await workOff(redis, place, created)).toBe(1)
})

test('a key is in use from the create until the last request that names it is deleted, whatever became of them', async () => {
  const keyId = await importOne(redis, place, 'a')
  const ready = await sign(place, keyId)
  const { ids, ticket } = await create(redis, place, 3, { keyId })
  const [queued = '', failed = '', cancelled = ''] = ids
  await cancelRequest(redis, place, cancelled)
  await startLot(redis, newRun(ticket))
  await completeLot(redis, newRun(ticket), place.tenant, [failedResult(failed)])
  for (const id of [ready, queued, failed, cancelled]) {
    expect(await deleteKey(redis, place, keyId)).toBe('in_use')
    expect(await inUse(place, keyId)).toBe(true)
    expect(await readRequest(redis, place, id)).toMatchObject({ keyId })
    await deleteRequest(redis, place, id)
  }
  expect(await inUse(place, keyId)).toBe(false)
  expect(await unused(place)).toEqual([keyId])
  expect(await deleteKey(redis, place, keyId)).toBe('deleted')
  expect(await deleteKey(redis, place, keyId)).toBe('unknown')
  expect(await redis.keys('*:key*')).toEqual([])
  expect(await redis.keys('*:spki:*')).toEqual([])
})

test('a failed request that names a key is retried with it', async () => {
  const keyId = await importOne(redis, place, 'a')
  const created = await create(redis, place, 1, { keyId })
  const [id = ''] = created.ids
  await workOff(redis, place, created, failedResult)
  expect(await readRequest(redis, place, id)).toMatchObject({
    state: 'failed',
    keyId,
    spec: aSpec(),
  })
  const ticket = await retry(redis, place, id)
  expect(ticket.lane).toBe('fast')
  expect(await startLot(redis, newRun(ticket))).toMatchObject({ requests: [{ id, keyId }] })
  const again = { ids: [id], ticket }
  expect(await workOff(redis, place, again, (own) => signedResult(own, keyId))).toBe(1)
})

test('a generated key goes with its request; one that is to be kept stays, unused, until it is deleted itself', async () => {
  await workOff(redis, place, await create(redis, place))
  await workOff(redis, place, await create(redis, place, 1, { keepKey: true }))
  expect(await readRequest(redis, place, '2')).toMatchObject({ keyId: '2', keepKey: true })
  expect(await listed(place)).toEqual(['2', '1'])
  expect(await unused(place)).toEqual([])
  expect(await deleteKey(redis, place, '2')).toBe('in_use')
  for (const id of ['1', '2']) await deleteRequest(redis, place, id)
  expect(await listed(place)).toEqual(['2'])
  expect(await readKey(redis, place, '2')).toMatchObject({ origin: 'generated', inUse: false })
  expect(await sign(place, '2')).toBe('3')
  expect(await deleteKey(redis, place, '2')).toBe('in_use')
  await deleteRequest(redis, place, '3')
  expect(await deleteKey(redis, place, '2')).toBe('deleted')
  expect(await listKeys(redis, place, allKeys)).toEqual({ keys: [], total: 0 })
})

test('a generated key that another request uses outlives its own, of a batch too, and is then listed', async () => {
  const created = await create(redis, place)
  await redis.hset(tenantKeys(place.shard, place.tenant).request('1'), 'batch', '9')
  await workOff(redis, place, created)
  expect(await listed(place)).toEqual([])
  const other = await sign(place, '1')
  await deleteRequest(redis, place, '1')
  expect(await listed(place)).toEqual(['1'])
  expect(await inUse(place, '1')).toBe(true)
  await deleteRequest(redis, place, other)
  expect(await unused(place)).toEqual(['1'])
  expect(await deleteKey(redis, place, '1')).toBe('deleted')
})

test('keys are listed newest first, by page and from place to place', async () => {
  const ids: string[] = []
  for (const what of ['a', 'b', 'c', 'd', 'e']) ids.unshift(await importOne(redis, place, what))
  const [e = '', d = '', c = '', b = '', a = ''] = ids
  await sign(place, d)
  await sign(place, b)
  const page = async (which: 'all' | 'unused', offset: number, limit: number) => {
    const { keys, total } = await listKeys(redis, place, { which, page: { offset, limit } })
    return [idsOf(keys), total]
  }
  expect(await page('all', 0, 2)).toEqual([[e, d], 5])
  expect(await page('all', 4, 2)).toEqual([[a], 5])
  expect(await page('all', 9, 2)).toEqual([[], 5])
  expect(await page('unused', 1, 5)).toEqual([[c, a], 3])
  const from = async (which: 'all' | 'unused' | 'used', limit: number, before?: string) => {
    const walk = { which, limit, ...(before !== undefined && { before }) }
    const { keys, next } = await listKeysFrom(redis, place, walk)
    return [idsOf(keys), next]
  }
  expect(await from('all', 3)).toEqual([[e, d, c], c])
  expect(await from('all', 3, c)).toEqual([[b, a], undefined])
  expect(await from('all', 5)).toEqual([ids, undefined])
  expect(await from('unused', 2)).toEqual([[e, c], c])
  expect(await from('used', 1)).toEqual([[d], d])
  expect(await from('used', 1, d)).toEqual([[b], b])
  expect(await from('used', 1, b)).toEqual([[], undefined])
  expect(await from('all', 3, 'rubbish')).toEqual([[], undefined])
  expect(idsOf((await readKeys(redis, place, [a, c])).flatMap((key) => key ?? []))).toEqual([a, c])
  expect(await readKeys(redis, place, ['77', a])).toMatchObject([undefined, { id: a }])
})

test('the used ones among many unused are found 1,000 looks at a time', async () => {
  const { keys, unusedKeys: unusedOnes } = tenantKeys(place.shard, place.tenant)
  const used = await importOne(redis, place, 'a')
  await sign(place, used)
  const entries = Array.from({ length: 1_500 }, (_, i) => [i + 10, String(i + 10)]).flat()
  await redis.zadd(keys, ...entries)
  await redis.zadd(unusedOnes, ...entries)
  const first = await listKeysFrom(redis, place, { which: 'used', limit: 5 })
  expect(first).toEqual({ keys: [], next: '510' })
  const second = await listKeysFrom(redis, place, { which: 'used', limit: 5, before: '510' })
  expect([idsOf(second.keys), second.next]).toEqual([[used], undefined])
})

test('a create that names a key and the deletion of that key: exactly one of them wins, 200 times', async () => {
  const other = connectRedis(server.url, 'work', { onError: () => {} })
  const wins = { create: 0, delete: 0 }
  for (let i = 0; i < 200; i++) {
    const keyId = await importOne(redis, place, `race ${i}`)
    const destroyed = deleteKey(other, place, keyId)
    for (let late = 0; late < i % 4; late++) await redis.ping()
    const made = await create(redis, place, 1, { keyId }).catch(() => undefined)
    expect(await destroyed).toBe(made ? 'in_use' : 'deleted')
    wins[made ? 'create' : 'delete'] += 1
    expect((await readKey(redis, place, keyId))?.inUse).toBe(made && true)
  }
  other.disconnect()
  expect(wins.create).toBeGreaterThan(0)
  expect(wins.delete).toBeGreaterThan(0)
})
