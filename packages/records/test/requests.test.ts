import type { Spec } from '@csr-foundry/csr'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  type ActingPlace,
  cancelRequest,
  completeLot,
  createRequests,
  deleteRequest,
  giveBackLot,
  readRequest,
  retryRequest,
  settledChannel,
  shardKeys,
  startLot,
  tenantKeys,
} from '../src/index.ts'
import {
  aSpec,
  create,
  createNew,
  failedResult,
  newRun,
  newTenant,
  readyResult,
  retry,
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

test('ids are consecutive decimal strings, and every tenant counts for itself', async () => {
  const [one, other] = [newTenant(), newTenant()]
  const firstIds: string[] = []
  for (const place of [one, one, other, one, other]) {
    firstIds.push((await create(redis, place)).ids[0] ?? '')
  }
  expect(firstIds).toEqual(['1', '2', '1', '3', '2'])
})

test('requests created together take consecutive ids and travel in one lot, in their order', async () => {
  await create(redis, place)
  const specs = ['a', 'b', 'c'].map(aSpec)
  const { firstId, ticket } = await createNew(redis, place, {
    requests: specs.map((spec) => ({ spec })),
    lane: 'slow',
    priority: 7,
  })
  expect(firstId).toBe('2')
  expect(ticket).toEqual({
    shard: place.shard,
    lot: expect.stringMatching(/^\d+$/),
    lane: 'slow',
    priority: 7,
  })
  const start = await startLot(redis, newRun(ticket))
  expect(start).toEqual({
    kind: 'started',
    tenant: place.tenant,
    lane: 'slow',
    requests: ['2', '3', '4'].map((id, i) => ({ id, spec: specs[i] })),
  })
  expect(await readRequest(redis, place, '3')).toMatchObject({
    id: '3',
    ref: 'b',
    state: 'queued',
    lane: 'slow',
    spec: specs[1],
  })
  expect((await create(redis, place)).ids).toEqual(['5'])
})

test('ids stay whole numbers far beyond what Lua prints in full', async () => {
  await create(redis, place)
  await redis.hset(tenantKeys(place.shard, place.tenant).nextId, 'next', '123456789012345')
  expect((await create(redis, place, 2)).ids).toEqual(['123456789012345', '123456789012346'])
  expect(await readRequest(redis, place, '123456789012346')).toMatchObject({ state: 'queued' })
})

test('an id whose record is there is never given again: the create is refused and writes nothing', async () => {
  await create(redis, place, 3)
  await redis.hset(tenantKeys(place.shard, place.tenant).nextId, 'next', 2)
  const before = await snapshot(redis)
  await expect(create(redis, place, 2)).rejects.toThrow(/IDTAKEN/)
  expect(await snapshot(redis)).toEqual(before)
})

test('while memory is full nothing is created, completed or retried, and what makes room still works', async () => {
  const ready = await create(redis, place)
  await workOff(redis, place, ready)
  const failed = await create(redis, place)
  await workOff(redis, place, failed, failedResult)
  const waiting = await create(redis, place)
  const started = await create(redis, place)
  const run = newRun(started.ticket)
  await startLot(redis, run)
  const before = await snapshot(redis)

  await redis.config('SET', 'maxmemory', 1)
  try {
    await expect(create(redis, place, 3)).rejects.toThrow(/^OOM|is full/)
    await expect(completeLot(redis, run, place.tenant, [readyResult('4')])).rejects.toThrow(/^OOM/)
    await expect(retry(redis, place, '2')).rejects.toThrow(/^OOM/)
    await expect(startLot(redis, newRun(waiting.ticket))).rejects.toThrow(/^OOM/)
    expect(await snapshot(redis)).toEqual(before)
    expect(await readRequest(redis, place, '1')).toMatchObject({ state: 'ready' })
    await giveBackLot(redis, run, 'wait')
    expect(await cancelRequest(redis, place, '3')).toBe(true)
    for (const id of ['1', '2', '3', '4']) expect(await deleteRequest(redis, place, id)).toBe(true)
  } finally {
    await redis.config('SET', 'maxmemory', 0)
  }
  expect((await create(redis, place)).ids).toEqual(['5'])
})

test('a request is running, with the time of its start, only while its lot is in hand', async () => {
  const { ticket } = await create(redis, place, 2)
  const started = async () => (await readRequest(redis, place, '2'))?.times.started
  expect(await started()).toBeUndefined()
  const run = newRun(ticket)
  await startLot(redis, run)
  expect(Date.now() - ((await started()) ?? 0)).toBeLessThan(5_000)
  await giveBackLot(redis, run, 'drain')
  expect(await started()).toBeUndefined()
})

test('a ready request has its CSR, its key and times in order', async () => {
  await workOff(redis, place, await create(redis, place))
  const record = await readRequest(redis, place, '1')
  expect(record).toMatchObject({ state: 'ready', csr: Buffer.from('csr of 1 by one'), keyId: '1' })
  const { created = 0, started = 0, finished = 0 } = record?.times ?? {}
  expect([created, started, finished]).toEqual([created, started, finished].sort())
  expect(created).toBeGreaterThan(Date.now() - 60_000)
  expect(await redis.hgetall(tenantKeys(place.shard, place.tenant).key('1'))).toEqual({
    algorithm: 'ecdsa-p256',
    spki: 'spki of 1 by one',
    sealed: 'sealed of 1 by one',
    custody: 'internal',
    origin: 'generated',
    created: String(finished),
  })
})

test('what was never there and what was deleted reads alike, also from another tenant', async () => {
  await create(redis, place)
  expect(await readRequest(redis, place, '2')).toBeUndefined()
  expect(await readRequest(redis, newTenant(), '1')).toBeUndefined()
  await deleteRequest(redis, place, '1')
  expect(await readRequest(redis, place, '1')).toBeUndefined()
  expect(await deleteRequest(redis, place, '1')).toBe(false)
  expect(await deleteRequest(redis, place, '2')).toBe(false)
})

test('a deleted request leaves a word for a day and nothing else', async () => {
  const keys = tenantKeys(place.shard, place.tenant)
  await workOff(redis, place, await create(redis, place))
  await create(redis, place)
  await workOff(redis, place, await create(redis, place), failedResult)
  for (const id of ['1', '2', '3']) await deleteRequest(redis, place, id)
  for (const id of ['1', '2', '3']) {
    expect(await redis.hgetall(keys.request(id))).toEqual({ state: 'deleted' })
    const ttl = await redis.ttl(keys.request(id))
    expect(ttl).toBeGreaterThan(86_000)
    expect(ttl).toBeLessThanOrEqual(86_400)
  }
  const left = (await redis.keys('*')).filter((name) => !/:request:\d+$|:stats:/.test(name))
  const audit = [keys.audit, shardKeys(place.shard).auditUnsealed]
  expect(left.sort()).toEqual(
    [
      ...audit,
      keys.counts,
      keys.nextId,
      `${place.shard}:lane:fast`,
      `${place.shard}:next-lot`,
    ].sort(),
  )
  const counts = await redis.hgetall(keys.counts)
  expect(Object.values(counts).map(Number).some(Boolean)).toBe(false)
})

test('a deleted request of a batch says so for as long as the batch is there', async () => {
  const { request } = tenantKeys(place.shard, place.tenant)
  await create(redis, place)
  await redis.hset(request('1'), 'batch', '9')
  await deleteRequest(redis, place, '1')
  expect(await redis.hgetall(request('1'))).toEqual({ state: 'deleted', batch: '9' })
  expect(await redis.ttl(request('1'))).toBe(-1)
})

test('a key goes with its request unless another request was made for it', async () => {
  const keys = tenantKeys(place.shard, place.tenant)
  await workOff(redis, place, await create(redis, place, 2))
  await redis.sadd(`${keys.key('2')}:uses`, '77')
  await deleteRequest(redis, place, '1')
  await deleteRequest(redis, place, '2')
  expect(await redis.exists(keys.key('1'))).toBe(0)
  expect(await redis.hget(keys.key('2'), 'sealed')).toBe('sealed of 2 by one')
  expect(await redis.zrange(`${place.shard}:t:${place.tenant}:keys`, '0', '-1')).toEqual(['2'])
})

test('a key of another request stays where its request is deleted', async () => {
  const keys = tenantKeys(place.shard, place.tenant)
  await workOff(redis, place, await create(redis, place, 2))
  await redis.hset(keys.request('2'), 'key', '1')
  await deleteRequest(redis, place, '2')
  expect(await redis.exists(keys.key('1'))).toBe(1)
})

test('a cancelled request stays visible, its lot of one goes, and it takes no result', async () => {
  const { ticket } = await create(redis, place)
  const run = newRun(ticket)
  await startLot(redis, run)
  expect(await cancelRequest(redis, place, '1')).toBe(true)
  expect(await cancelRequest(redis, place, '1')).toBe(false)
  expect(await completeLot(redis, run, place.tenant, [readyResult('1')])).toBe(0)
  const record = await readRequest(redis, place, '1')
  expect(record).toEqual({
    id: '1',
    state: 'cancelled',
    algorithm: 'ecdsa-p256',
    commonName: 'edge-1.example.com',
    times: { created: expect.any(Number), finished: expect.any(Number) },
  })
  expect(await redis.keys('*:lot:*')).toEqual([])
  expect(await redis.zcard(`${place.shard}:lots`)).toBe(0)
})

test('a cancelled request keeps nothing of its spec but what a list shows', async () => {
  const subject: Spec['subject'] = [
    [{ type: 'O', value: 'ACME' }],
    [
      { type: 'OU', value: 'Ümläut "quoted"' },
      { type: 'CN', value: 'one' },
    ],
    [{ type: 'CN', value: 'two' }],
  ]
  const spec = { ...aSpec(), subject, attributes: { challengePassword: 'correct horse' } }
  await createRequests(redis, place, {
    requests: [{ spec }, { spec: { ...spec, subject: [] } }],
    lane: 'fast',
    priority: 0,
  })
  for (const id of ['1', '2']) expect(await cancelRequest(redis, place, id)).toBe(true)
  const { request } = tenantKeys(place.shard, place.tenant)
  const fields = { state: 'cancelled', algorithm: 'ecdsa-p256', created: expect.any(String) }
  const finished = expect.any(String)
  expect(await redis.hgetall(request('1'))).toEqual({ ...fields, finished, commonName: 'one' })
  expect(await redis.hgetall(request('2'))).toEqual({ ...fields, finished })
})

test('a tenant has no more requests queued than its limit, and a create that would is refused whole', async () => {
  const ask = (count: number) =>
    createNew(redis, place, {
      requests: Array.from({ length: count }, () => ({ spec: aSpec() })),
      lane: 'fast',
      priority: 0,
      queuedLimit: 3,
    })
  await ask(2)
  const before = await snapshot(redis)
  await expect(ask(2)).rejects.toMatchObject({ code: 'queue_full', retryAfter: 30 })
  expect(await snapshot(redis)).toEqual(before)
  const { ticket } = await ask(1)
  await expect(ask(1)).rejects.toMatchObject({ code: 'queue_full' })
  await workOff(redis, place, { ids: ['3'], ticket })
  expect((await ask(1)).firstId).toBe('4')
  expect((await create(redis, newTenant(), 4)).ids).toHaveLength(4)
})

test('a retry queues a failed request under its id in a new lot, with nothing of the failure left', async () => {
  const first = await create(redis, place)
  await workOff(redis, place, first, failedResult)
  expect(await readRequest(redis, place, '1')).toMatchObject({
    state: 'failed',
    problem: { code: 'csr_not_made' },
  })
  const ticket = await retry(redis, place, '1', 5)
  expect(ticket).toMatchObject({ shard: place.shard, lane: 'fast', priority: 5 })
  expect(ticket.lot).not.toBe(first.ticket.lot)
  expect(await readRequest(redis, place, '1')).toEqual({
    id: '1',
    state: 'queued',
    algorithm: 'ecdsa-p256',
    spec: aSpec(),
    lane: 'fast',
    times: { created: expect.any(Number) },
  })
  expect(await redis.exists(`${place.shard}:t:${place.tenant}:failed`)).toBe(0)
  // The lot it failed in has no say any more.
  expect(await completeLot(redis, newRun(first.ticket), place.tenant, [readyResult('1')])).toBe(0)
  expect(await workOff(redis, place, { ids: ['1'], ticket })).toBe(1)
  expect(await retryRequest(redis, place, '1', { priority: 0 })).toBe('not_failed')
  expect(await redis.keys('*:lot:*')).toEqual([])
})

test('every end of a single request is published once, of a request of a batch as news of the batch', async () => {
  const listener = server.client()
  const heard: string[] = []
  listener.on('message', (_, message: string) => heard.push(message))
  await listener.subscribe(settledChannel(place.shard))

  const five = await create(redis, place, 5)
  await redis.hset(tenantKeys(place.shard, place.tenant).request('5'), 'batch', '9')
  await cancelRequest(redis, place, '3')
  await deleteRequest(redis, place, '4')
  await workOff(redis, place, five, (id) => (id === '2' ? failedResult(id) : readyResult(id)))
  expect(await readRequest(redis, place, '5')).toMatchObject({ state: 'ready' })
  const all = ['3', '4', '1', '2', 'batch:9'].map((id) => `${place.tenant} ${id}`)
  await expect.poll(() => heard).toEqual(all)
  listener.disconnect()
})
