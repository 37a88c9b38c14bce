import { buildCsr, keyAlgorithms, type Spec } from '@csr-foundry/csr'
import type { Redis } from 'ioredis'
import { expect, type MockInstance, test, vi } from 'vitest'
import {
  type ActingPlace,
  cancelRequest,
  deleteRequest,
  newestRequest,
  type RequestResult,
  readCsrs,
  readRequest,
  startLot,
  type TenantPlace,
  takeId,
  tenantKeys,
  type Walk,
  type WalkPoint,
  walkRequests,
} from '../src/index.ts'
import {
  aSpec,
  create,
  createNew,
  failedResult,
  importOne,
  newRun,
  newTenant,
  workOff,
} from './make-requests.ts'
import { withEmptyRecords } from './with-empty-records.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  place = newTenant()
})

type Asked = { readonly ref?: string; readonly cn?: string }

const specOf = ({ ref, cn = 'edge-1.example.com' }: Asked): Spec => ({
  ...aSpec(ref),
  subject: [[{ type: 'O', value: 'ACME' }], [{ type: 'CN', value: cn }]],
})

/** Requests of one lot, queued. */
async function ask(place: ActingPlace, asked: readonly Asked[]) {
  const specs = asked.map(specOf)
  const { firstId, ticket } = await createNew(redis, place, {
    requests: specs.map((spec) => ({ spec })),
    lane: 'fast',
    priority: 0,
  })
  return { ids: asked.map((_, i) => String(Number(firstId) + i)), ticket, specs }
}

/** Requests that are ready, each with a real CSR. */
async function make(place: ActingPlace, asked: readonly Asked[]): Promise<void> {
  const { ids, ticket, specs } = await ask(place, asked)
  const results = new Map<string, RequestResult>()
  for (const [i, spec] of specs.entries()) {
    const { privateKey, spki } = await keyAlgorithms['ecdsa-p256'].generate()
    const csr = await buildCsr(spec, spki, (bytes) =>
      keyAlgorithms['ecdsa-p256'].sign(privateKey, 'sha256', bytes),
    )
    const id = ids[i] ?? ''
    const [algorithm, custody, sealed] = ['ecdsa-p256', 'internal', Buffer.from('sealed')]
    results.set(id, { id, state: 'ready', csr, algorithm, spki, sealed, custody })
  }
  await workOff(redis, place, { ids, ticket }, (id) => results.get(id) ?? failedResult(id))
}

const idsOf = async (place: TenantPlace, walk: Omit<Walk, 'limit'> & { limit?: number } = {}) =>
  (await walkRequests(redis, place, { limit: 100, ...walk })).requests.map(({ id }) => id)

/** Every page of a walk until it ends. */
async function pagesOf(place: TenantPlace, walk: Walk): Promise<string[][]> {
  const pages: string[][] = []
  let next: WalkPoint | undefined
  do {
    const page = await walkRequests(redis, place, { ...walk, ...next })
    pages.push(page.requests.map(({ id }) => id))
    next = page.next
  } while (next)
  return pages
}

test('requests come newest first, page by page, without those that are deleted and ids that are keys', async () => {
  await create(redis, place, 3)
  await takeId(redis, place)
  await create(redis, place, 3)
  await deleteRequest(redis, place, '6')
  await create(redis, newTenant(), 9)
  expect(await idsOf(place)).toEqual(['7', '5', '3', '2', '1'])
  expect(await pagesOf(place, { limit: 2 })).toEqual([['7', '5'], ['3', '2'], ['1']])
  expect(await idsOf(newTenant())).toEqual([])
})

test('what is created while somebody pages through moves no page', async () => {
  await create(redis, place, 4)
  const { next } = await walkRequests(redis, place, { limit: 2 })
  await create(redis, place, 4)
  expect(await idsOf(place, { ...next })).toEqual(['2', '1'])
})

test('gaps are stepped over in one step, however many and wide', async () => {
  const { nextId } = tenantKeys(place.shard, place.tenant)
  await create(redis, place, 2)
  for (let run = 0; run < 3; run++) {
    await redis.hset(nextId, 'run', `another ${run}`)
    if (run !== 1) await create(redis, place)
    else await takeId(redis, place)
  }
  expect(await pagesOf(place, { limit: 10 })).toEqual([['300005', '100003', '2', '1']])
  // From the middle of a gap, and from beyond the newest.
  expect(await idsOf(place, { from: '250000' })).toEqual(['100003', '2', '1'])
  expect(await idsOf(place, { from: '9999999999999999' })).toHaveLength(4)
})

test('a page looks at 1,000 ids at most, so it may be empty and go on', async () => {
  await create(redis, place)
  await redis.hset(tenantKeys(place.shard, place.tenant).nextId, 'next', 2_502)
  await create(redis, place)
  const pages = await pagesOf(place, { limit: 10 })
  expect(pages).toEqual([['2502'], [], ['1']])
})

test('a state filters: what is in hand is running, not queued', async () => {
  await workOff(redis, place, await create(redis, place), failedResult)
  await make(place, [{}])
  await create(redis, place, 2)
  await cancelRequest(redis, place, '3')
  const { ticket } = await create(redis, place)
  await startLot(redis, newRun(ticket))
  await workOff(redis, place, await create(redis, place), failedResult)
  expect(await idsOf(place, { state: 'queued' })).toEqual(['4'])
  expect(await idsOf(place, { state: 'running' })).toEqual(['5'])
  expect(await idsOf(place, { state: 'ready' })).toEqual(['2'])
  expect(await idsOf(place, { state: 'cancelled' })).toEqual(['3'])
  expect(await idsOf(place, { state: 'failed' })).toEqual(['6', '1'])
  expect(await pagesOf(place, { state: 'failed', limit: 1 })).toEqual([['6'], ['1']])
  await deleteRequest(redis, place, '1')
  expect(await pagesOf(place, { state: 'failed', limit: 1 })).toEqual([['6']])
})

test('a walk shows what a reader of each request alone would see, but for spec, CSR and problem', async () => {
  await make(place, [{ ref: 'rack-1', cn: 'one' }])
  await ask(place, [{ cn: 'two' }, { cn: 'three' }])
  await cancelRequest(redis, place, '2')
  const keyId = await importOne(redis, place, 'a')
  const { ticket } = await create(redis, place, 1, { keyId })
  await startLot(redis, newRun(ticket))
  await workOff(redis, place, await create(redis, place, 1, { keepKey: true }), failedResult)
  const { requests } = await walkRequests(redis, place, { limit: 9 })
  const names = ['edge-1.example.com', 'edge-1.example.com', 'three', 'two', 'one']
  expect(requests.map(({ commonName }) => commonName)).toEqual(names)
  for (const { commonName: _, ...shown } of requests) {
    const record = await readRequest(redis, place, shown.id)
    const hidden = { spec: undefined, csr: undefined, problem: undefined, lane: undefined }
    expect({ ...hidden, ...shown }).toEqual({ ...record, ...hidden, commonName: undefined })
  }
  expect(requests.at(-1)).toMatchObject({ ref: 'rack-1', keyId: '1', algorithm: 'ecdsa-p256' })
})

test('records of release 0.1 are shown, and found by id and ref', async () => {
  await make(place, [{ ref: 'one', cn: 'first' }])
  await ask(place, [{ ref: 'two', cn: 'second' }])
  for (const id of ['1', '2']) {
    const key = tenantKeys(place.shard, place.tenant).request(id)
    await redis.hdel(key, 'algorithm', 'commonName')
  }
  const { requests } = await walkRequests(redis, place, { limit: 9 })
  expect(requests.map(({ id, algorithm, commonName }) => [id, algorithm, commonName])).toEqual([
    ['2', undefined, undefined],
    ['1', 'ecdsa-p256', undefined],
  ])
  expect(await idsOf(place, { q: 'one' })).toEqual(['1'])
  expect(await idsOf(place, { q: 'second' })).toEqual([])
})

test('CSRs are read for those that are ready and still there', async () => {
  await workOff(redis, place, await create(redis, place, 2))
  await create(redis, place)
  const { requests } = await walkRequests(redis, place, { limit: 9 })
  await deleteRequest(redis, place, '1')
  const csrs = await readCsrs(redis, place, requests)
  expect([...csrs].map(([id, csr]) => `${id}: ${csr}`)).toEqual(['2: csr of 2 by one'])
})

test('what a walk reads of a record is small however large the record is: neither its spec nor its CSR', async () => {
  const { ids } = await create(redis, place, 3)
  // A walk that read them would stop at what is no text.
  for (const id of ids) {
    const { request } = tenantKeys(place.shard, place.tenant)
    await redis.hdel(request(id), 'spec', 'csr')
  }
  for (const walk of [{ limit: 100 }, { limit: 100, q: 'edge' }, { limit: 100, state: 'queued' }]) {
    const { requests } = await walkRequests(redis, place, walk as Walk)
    expect(requests.map(({ id }) => id)).toEqual(ids.toReversed())
  }
})

test('of one tenant two walks run at once, the others in their turn, and no other tenant waits', async () => {
  const [one, other] = [newTenant(), newTenant()]
  for (const place of [one, other]) await create(redis, place)
  const script = 'walk-requestsBuffer' as keyof Redis
  const [real, running] = [redis[script] as (...values: string[]) => Promise<unknown>, new Map()]
  let most = 0
  const counted = vi.spyOn(redis, script as never) as unknown as MockInstance<typeof real>
  counted.mockImplementation(async (shard = '', tenant = '', ...values) => {
    running.set(tenant, (running.get(tenant) ?? 0) + 1)
    most = Math.max(most, running.get(tenant))
    const reply = await real.call(redis, shard, tenant, ...values)
    running.set(tenant, running.get(tenant) - 1)
    return reply
  })
  const done: string[] = []
  const walks = [one, one, one, one, one, one, other].map(async (place) => {
    const { requests } = await walkRequests(redis, place, { limit: 9 })
    expect(requests).toHaveLength(1)
    done.push(place.tenant)
  })
  await Promise.all(walks)
  counted.mockRestore()
  expect(most).toBe(2)
  expect(done.indexOf(other.tenant)).toBeLessThan(4)
})

test('a request is found by its id, the start of its ref, and the start of its common name in any state', async () => {
  await make(place, [{ ref: 'Rack-12/slot-3' }, { cn: 'Edge-7.example.com' }, { cn: 'other' }])
  await ask(place, [{ cn: 'EDGE-8.example.com' }, { cn: 'edge-9.example.com' }])
  await cancelRequest(redis, place, '5')
  await workOff(redis, place, await ask(place, [{ cn: 'edge-10.example.com' }]), failedResult)
  expect(await idsOf(place, { q: '2' })).toEqual(['2'])
  expect(await idsOf(place, { q: 'Rack-12' })).toEqual(['1'])
  expect(await idsOf(place, { q: 'rack-12' })).toEqual([])
  expect(await idsOf(place, { q: 'eDgE-' })).toEqual(['6', '5', '4', '2', '1'])
  expect(await idsOf(place, { q: 'edge-8.example.com' })).toEqual(['4'])
  expect(await idsOf(place, { q: 'edge-8.example.com.' })).toEqual([])
  // It stands in the middle, or in another field.
  expect(await idsOf(place, { q: 'example' })).toEqual([])
  expect(await idsOf(place, { q: 'ACME' })).toEqual([])
  expect(await idsOf(place, { q: 'edge-', state: 'failed' })).toEqual(['6'])
  expect(await idsOf(place, { q: 'edge-', state: 'ready' })).toEqual(['2', '1'])
  expect(await idsOf(newTenant(), { q: 'edge-' })).toEqual([])
})

test('of several common names the first counts, and one longer than a search is not sought', async () => {
  const subject = ['one', 'two'].map((value) => [{ type: 'CN' as const, value }])
  await create(redis, place, 1, { spec: { ...aSpec(), subject } })
  await ask(place, [{ cn: 'x'.repeat(256) }, { cn: 'x'.repeat(255) }])
  expect(await idsOf(place, { q: 'one' })).toEqual(['1'])
  expect(await idsOf(place, { q: 'two' })).toEqual([])
  expect(await idsOf(place, { q: 'x' })).toEqual(['3'])
})

test('what is sought is plain text: patterns, quotes and what is not ASCII', async () => {
  const names = ['a.b', 'axb', '100%', 'Zoë "die" Bäckerei', 'back\\slash', '*', '%d+']
  await make(
    place,
    names.map((cn) => ({ cn })),
  )
  await ask(
    place,
    names.map((cn) => ({ cn })),
  )
  const found = async (q: string) =>
    (await walkRequests(redis, place, { limit: 100, q })).requests.map(
      ({ commonName }) => commonName,
    )
  expect(await found('a.b')).toEqual(['a.b', 'a.b'])
  expect(await found('100%')).toEqual(['100%', '100%'])
  expect(await found('zoë "D')).toEqual([names[3], names[3]])
  expect(await found('zoË')).toEqual([])
  expect(await found('back\\')).toEqual([names[4], names[4]])
  expect(await found('*')).toEqual(['*', '*'])
  expect(await found('%d')).toEqual(['%d+', '%d+'])
  expect(await found('\\u0000')).toEqual([])
})

test('with words the newest 100,000 ids are sought through, gaps not counted, and no more', async () => {
  const { nextId } = tenantKeys(place.shard, place.tenant)
  await ask(place, [{ ref: 'wanted, but too old' }, { ref: 'wanted a' }])
  await redis.hset(nextId, 'next', 50_000)
  await redis.hset(nextId, 'run', 'another')
  await ask(place, [{ ref: 'wanted b' }])
  // From 200,001 down to the second id there are 100,000, without the gap.
  await redis.hset(nextId, 'next', 200_001)
  await ask(place, [{ ref: 'wanted c' }])
  const pages = await pagesOf(place, { q: 'wanted', limit: 10 })
  expect(pages.flat()).toEqual(['200001', '150000', '2'])
  expect(pages).toHaveLength(100)
})

test('a place to go on that nobody was given shows nothing and goes nowhere', async () => {
  await create(redis, place, 3)
  for (const from of ['x', '-1', '0', '1e9', '0x10', 'inf', '1 2', '99999999999999999999']) {
    expect(await walkRequests(redis, place, { limit: 9, from })).toEqual({ requests: [] })
  }
  for (const budget of [Number.NaN, -5, 0, 0.5]) {
    const page = await walkRequests(redis, place, { limit: 9, from: '3', q: '2', budget })
    expect(page).toEqual({ requests: [] })
  }
})

test('the newest request is the newest that is not deleted, of the last 1,000 ids', async () => {
  expect(await newestRequest(redis, place)).toBeUndefined()
  await create(redis, place, 2)
  await redis.hset(tenantKeys(place.shard, place.tenant).nextId, 'next', 1_000)
  await create(redis, place)
  expect(await newestRequest(redis, place)).toMatchObject({ id: '1000', spec: aSpec() })
  await deleteRequest(redis, place, '1000')
  expect(await newestRequest(redis, place)).toMatchObject({ id: '2', state: 'queued' })
  await redis.hset(tenantKeys(place.shard, place.tenant).nextId, 'next', 200_000)
  expect(await newestRequest(redis, place)).toBeUndefined()
})
