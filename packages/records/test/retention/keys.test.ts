import type { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import {
  type ActingPlace,
  createErrand,
  deleteKey,
  deleteRequest,
  type ErrandEnd,
  finishErrand,
  listKeys,
  newErrandId,
  readAudit,
  readKey,
  takeErrand,
  tenantKeys,
} from '../../src/index.ts'
import { changeAll, makeBatch, workOffAll } from '../batches/make-batches.ts'
import {
  beginErrand,
  create,
  importOne,
  newTenant,
  readyResult,
  signedResult,
  workOff,
} from '../make-requests.ts'
import { withEmptyRecords } from '../with-empty-records.ts'
import { day, expireAll, makeBatchOlder, makeOlder } from './old-records.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  place = newTenant()
})

const exportable = (id: string) => ({ ...readyResult(id), custody: 'exportable' as const })
const oneJwe: ErrandEnd = { state: 'done', result: '{"jwe":"…"}' }

/** A request with a key of its own; gives its id. */
async function makeOne(result: (id: string) => ReturnType<typeof readyResult>, keepKey = false) {
  const made = await create(redis, place, 1, { keepKey })
  await workOff(redis, place, made, result)
  return made.ids[0] ?? ''
}

/** Has a worker make an export. */
async function exportMade(kind: 'export' | 'exports', about: string, end: ErrandEnd) {
  const errand = { kind, id: newErrandId(), input: '', about }
  const begun = await beginErrand(redis, await createErrand(redis, place, errand))
  await finishErrand(redis, begun.run, begun.errand, end)
  return errand
}

const exportTaken = async (kind: 'export' | 'exports', about: string, end: ErrandEnd = oneJwe) =>
  await takeErrand(redis, place, await exportMade(kind, about, end))

/** Each kind of key: how it comes about, and with which settings it outlives its request. */
const kinds: readonly {
  readonly what: string
  readonly make: () => Promise<string>
  readonly stays: readonly ('keep' | 'delete')[]
}[] = [
  { what: 'that is internal', make: () => makeOne(readyResult), stays: ['keep'] },
  { what: 'that was never exported', make: () => makeOne(exportable), stays: ['keep'] },
  {
    what: 'that was exported',
    stays: [],
    make: async () => {
      const id = await makeOne(exportable)
      await exportTaken('export', id)
      return id
    },
  },
  {
    what: 'whose export was made and never fetched',
    stays: ['keep'],
    make: async () => {
      const id = await makeOne(exportable)
      await exportMade('export', id, oneJwe)
      return id
    },
  },
  {
    what: 'whose export failed',
    stays: ['keep'],
    make: async () => {
      const id = await makeOne(exportable)
      const problem = { code: 'errand_not_done', detail: 'It does not open.' }
      await exportTaken('export', id, { state: 'failed', problem } as ErrandEnd)
      return id
    },
  },
  {
    what: 'that its maker keeps, exported or not',
    stays: ['keep', 'delete'],
    make: async () => {
      const id = await makeOne(exportable, true)
      await exportTaken('export', id)
      return id
    },
  },
]

describe.each(['keep', 'delete'] as const)('with RETENTION_KEYS=%s', (keys) => {
  test.each(kinds)('a key $what', async ({ make, stays }) => {
    const id = await make()
    await makeOlder(redis, place, [id], 2 * day)
    const stay = stays.includes(keys)
    expect(await expireAll(redis, place, { keys })).toMatchObject({
      ...{ requests: 1, keys: stay ? 0 : 1 },
    })
    const key = await readKey(redis, place, id)
    const found = await listKeys(redis, place, { which: 'unused', page: { offset: 0, limit: 9 } })
    if (stay) {
      expect(key).toMatchObject({ id, inUse: false })
      expect(found.keys.map((one) => one.id)).toEqual([id])
      expect(await deleteKey(redis, place, id)).toBe('deleted')
    } else {
      expect(key).toBeUndefined()
      expect(await redis.keys(`*:key:${id}*`)).toEqual([])
    }
    expect(await redis.zcard(tenantKeys(place.shard, place.tenant).keys)).toBe(0)
  })

  test('a key that another request uses stays in use; it is its owner’s when that one goes', async () => {
    const id = await makeOne(exportable)
    await exportTaken('export', id)
    const other = await create(redis, place, 1, { keyId: id })
    await workOff(redis, place, other, (path) => signedResult(path, id))
    await makeOlder(redis, place, [id], 2 * day)
    expect(await expireAll(redis, place, { keys })).toMatchObject({ requests: 1, keys: 0 })
    expect(await readKey(redis, place, id)).toMatchObject({ inUse: true })
    expect(await deleteKey(redis, place, id)).toBe('in_use')
    await makeOlder(redis, place, other.ids, 2 * day)
    expect(await expireAll(redis, place, { keys })).toMatchObject({ requests: 1, keys: 0 })
    expect(await readKey(redis, place, id)).toMatchObject({ inUse: false })
  })

  test('a key that is imported stays, exported or not', async () => {
    const id = await importOne(redis, place, 'a')
    await exportTaken('export', id)
    const signed = await create(redis, place, 1, { keyId: id })
    await workOff(redis, place, signed, (path) => signedResult(path, id))
    await makeOlder(redis, place, signed.ids, 2 * day)
    expect(await expireAll(redis, place, { keys })).toMatchObject({ requests: 1, keys: 0 })
    expect(await readKey(redis, place, id)).toMatchObject({ origin: 'imported', inUse: false })
  })

  test('of a batch go the keys that were exported with it, and the others are kept or go', async () => {
    const { id, tickets } = await makeBatch(redis, place, { rows: 300 })
    await workOffAll(redis, tickets, exportable)
    const paths = Array.from({ length: 300 }, (_, i) => String(i + 2))
    const kept = ['3', '300', '301']
    // The last two were not asked for, of the other the worker could not open what is stored.
    const asked = paths.slice(0, 298)
    const result = asked.map((path) =>
      path === '3' ? { problem: { code: 'errand_not_done' } } : { jwe: path },
    )
    const end: ErrandEnd = { state: 'done', result: JSON.stringify({ keys: result }) }
    await exportTaken('exports', asked.join(','), end)
    await makeBatchOlder(redis, place, { id, rows: paths }, 2 * day)
    expect(await expireAll(redis, place, { keys })).toMatchObject({ requests: 0, batches: 1 })
    await changeAll(redis, place, id)
    const { keys: names } = tenantKeys(place.shard, place.tenant)
    const stay = keys === 'keep' ? kept : []
    expect(await redis.zrange(names, '0', '-1')).toEqual(stay)
    expect(await redis.keys('*:key:*')).toHaveLength(stay.length)
    const { entries } = await readAudit(redis, place, { limit: 1 })
    expect(entries).toMatchObject([
      { actor: { by: 'retention' }, action: 'key.delete', outcome: expect.any(String) },
    ])
  })
})

test('a DELETE takes a key with it whether it was exported or not', async () => {
  const id = await makeOne(exportable)
  await deleteRequest(redis, place, id)
  expect(await readKey(redis, place, id)).toBeUndefined()
})

test('a key that was deleted while its export was under way does not come back', async () => {
  const id = await makeOne(exportable)
  const errand = await exportMade('export', id, oneJwe)
  await deleteRequest(redis, place, id)
  await takeErrand(redis, place, errand)
  expect(await redis.keys('*:key:*')).toEqual([])
})
