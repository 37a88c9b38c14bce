import type { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import {
  type ActingPlace,
  callOnce,
  createRequests,
  createToken,
  importKey,
  listKeys,
  listTokens,
  type NewKey,
  type NewRequests,
  type Once,
  readAudit,
  retryRequest,
  takeId,
  tenantKeys,
} from '../src/index.ts'
import { makeTenant, operator } from './accounts/make-tenant.ts'
import { aSpec, create, failedResult, importOne, newTenant, workOff } from './make-requests.ts'
import { snapshot } from './snapshot.ts'
import { withEmptyRecords } from './with-empty-records.ts'

let redis: Redis
let place: ActingPlace
withEmptyRecords((records) => {
  redis = records.redis
  place = newTenant()
})

const parts = ['user:bob', 'POST /v1/requests', 'key-1']
const body = '{"subject":{}}'
const reused = { code: 'idempotency_key_reused' }

const ask = (place: ActingPlace, once: Once, more: Partial<NewRequests> = {}) =>
  createRequests(redis, place, {
    requests: [{ spec: aSpec() }],
    lane: 'fast',
    priority: 0,
    once,
    ...more,
  })

const callsOf = ({ shard, tenant }: ActingPlace) => redis.keys(`${shard}:t:${tenant}:idem:*`)
const entriesOf = async (place: ActingPlace) =>
  (await readAudit(redis, place, { limit: 100 })).entries

describe('a create', () => {
  test('that is called twice gives the same id, and makes one record', async () => {
    const first = await ask(place, callOnce(parts, body), {
      requests: [{ spec: aSpec() }, { spec: aSpec() }],
    })
    expect(first).toMatchObject({ firstId: '1', ticket: { lane: 'fast' } })
    const before = await snapshot(redis)
    expect(await ask(place, callOnce(parts, Buffer.from(body)))).toEqual({ firstId: '1' })
    expect(await snapshot(redis)).toEqual(before)
  })

  test('that is called 200 times at once makes one record, in one lot', async () => {
    const calls = Array.from({ length: 200 }, () => ask(place, callOnce(parts, body)))
    const answers = await Promise.all(calls)
    expect(new Set(answers.map(({ firstId }) => firstId))).toEqual(new Set(['1']))
    expect(answers.filter(({ ticket }) => ticket)).toHaveLength(1)
    const keys = tenantKeys(place.shard, place.tenant)
    expect(await redis.keys(keys.request('*'))).toEqual([keys.request('1')])
    expect(await redis.hgetall(keys.counts)).toEqual({ queued: '1' })
    expect(await redis.keys('*:lot:*')).toHaveLength(1)
    expect(await entriesOf(place)).toHaveLength(1)
  })

  test('is remembered for a day, and then is a new one', async () => {
    await ask(place, callOnce(parts, body))
    const [kept = '', ...others] = await callsOf(place)
    expect(others).toEqual([])
    expect(await redis.ttl(kept)).toBeGreaterThan(86_390)
    expect(await redis.ttl(kept)).toBeLessThanOrEqual(86_400)
    await redis.pexpire(kept, 1)
    await expect.poll(() => redis.exists(kept), { interval: 5 }).toBe(0)
    expect(await ask(place, callOnce(parts, body))).toMatchObject({ firstId: '2' })
  })

  test('with the same key and another body is refused and changes nothing', async () => {
    await ask(place, callOnce(parts, body))
    const before = await snapshot(redis)
    await expect(ask(place, callOnce(parts, `${body} `))).rejects.toMatchObject(reused)
    expect(await snapshot(redis)).toEqual(before)
  })

  test('of another principal, route, key or tenant is another one', async () => {
    await ask(place, callOnce(parts, body))
    const others = [
      ['user:eve', 'POST /v1/requests', 'key-1'],
      ['user:bob', 'POST /v1/batches', 'key-1'],
      ['user:bob', 'POST /v1/requests', 'key-2'],
      // Parts that read the same when they are put together.
      ['user:bob', 'POST /v1/requestskey-1', ''],
    ]
    const ids: string[] = []
    for (const other of others) ids.push((await ask(place, callOnce(other, body))).firstId)
    expect(ids).toEqual(['2', '3', '4', '5'])
    expect(await ask(newTenant(), callOnce(parts, body))).toMatchObject({
      firstId: '1',
      ticket: {},
    })
  })

  test.each([
    ['queue_full', { queuedLimit: 0 }],
    ['key_not_found', { requests: [{ spec: aSpec(), keyId: '9' }] }],
  ])('that is refused with %s is not remembered', async (code, more) => {
    const once = callOnce(parts, body)
    await expect(ask(place, once, more)).rejects.toMatchObject({ code })
    expect(await redis.keys('*')).toEqual([])
    expect(await ask(place, once)).toMatchObject({ firstId: '1', ticket: {} })
  })

  test('is answered again however full the queue is meanwhile', async () => {
    const once = callOnce(parts, body)
    await ask(place, once, { queuedLimit: 1 })
    expect(await ask(place, once, { queuedLimit: 1 })).toEqual({ firstId: '1' })
  })
})

test('a retry that is called twice queues once, also when it has failed again since', async () => {
  const created = await create(redis, place)
  await workOff(redis, place, created, failedResult)
  const once = callOnce(parts, '')
  const ticket = await retryRequest(redis, place, '1', { priority: 0, once })
  if (typeof ticket === 'string') throw new Error(`The request is ${ticket}.`)
  expect(await retryRequest(redis, place, '1', { priority: 0, once })).toBe('again')
  await workOff(redis, place, { ids: ['1'], ticket }, failedResult)
  const before = await snapshot(redis)
  expect(await retryRequest(redis, place, '1', { priority: 0, once })).toBe('again')
  const other = callOnce(parts, 'other')
  await expect(retryRequest(redis, place, '1', { priority: 0, once: other })).rejects.toMatchObject(
    reused,
  )
  expect(await snapshot(redis)).toEqual(before)
  const retries = (await entriesOf(place)).filter(({ action }) => action === 'request.retry')
  expect(retries).toHaveLength(1)
})

test('a retry that was refused is not remembered', async () => {
  const created = await create(redis, place)
  const once = callOnce(parts, '')
  expect(await retryRequest(redis, place, '1', { priority: 0, once })).toBe('not_failed')
  await workOff(redis, place, created, failedResult)
  expect(await retryRequest(redis, place, '1', { priority: 0, once })).toMatchObject({
    lane: 'fast',
  })
})

describe('an import', () => {
  const newKey = async (place: ActingPlace, what: string, name = 'its name'): Promise<NewKey> => ({
    id: await takeId(redis, place),
    algorithm: 'ecdsa-p256',
    spki: Buffer.from(`spki of ${what}`),
    // Sealed anew in each call.
    sealed: Buffer.from(`sealed ${Math.random()}`),
    custody: 'internal',
    name,
  })

  test('that is called twice gives the id of the first, and leaves one key', async () => {
    const first = await importKey(redis, place, await newKey(place, 'a'), parts)
    expect(first).toMatchObject({ imported: true })
    const again = await importKey(redis, place, await newKey(place, 'a'), parts)
    expect(again).toEqual({ imported: false, again: '1' })
    const { keys } = await listKeys(redis, place, { which: 'all', page: { offset: 0, limit: 9 } })
    expect(keys.map(({ id }) => id)).toEqual(['1'])
    expect(await callsOf(place)).toHaveLength(1)
    expect(await entriesOf(place)).toHaveLength(1)
  })

  test('with the same Idempotency-Key and another key, name or custody is refused', async () => {
    await importKey(redis, place, await newKey(place, 'a'), parts)
    const others = [
      await newKey(place, 'b'),
      await newKey(place, 'a', 'another name'),
      { ...(await newKey(place, 'a')), custody: 'exportable' as const },
    ]
    for (const other of others) {
      await expect(importKey(redis, place, other, parts)).rejects.toMatchObject(reused)
    }
  })

  test('of a key that was there before is not remembered', async () => {
    await importOne(redis, place, 'a')
    const answer = await importKey(redis, place, await newKey(place, 'a'), parts)
    expect(answer).toEqual({ imported: false, knownAs: '1' })
    expect(await callsOf(place)).toEqual([])
  })
})

describe('a token', () => {
  const asked = { name: 'ci', roles: ['read'] as const }
  const tokensOf = async (place: ActingPlace) =>
    (await listTokens(redis, place, { limit: 9 })).tokens

  test('that is asked for twice is made once, and the second call names it', async () => {
    const place = await makeTenant(redis, 'acme')
    const once = callOnce(parts, body)
    const { made } = await createToken(redis, place, asked, operator, once)
    await expect(createToken(redis, place, asked, operator, once)).rejects.toMatchObject({
      code: 'token_made_before',
      message: expect.stringContaining(made.id),
    })
    const other = callOnce(parts, 'other')
    await expect(createToken(redis, place, asked, operator, other)).rejects.toMatchObject(reused)
    expect(await tokensOf(place)).toEqual([made])
    expect(await redis.keys('token:*')).toHaveLength(1)
  })

  test('that is asked for often at once is made once', async () => {
    const place = await makeTenant(redis, 'acme')
    const once = callOnce(parts, body)
    const calls = Array.from({ length: 20 }, () => createToken(redis, place, asked, operator, once))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await tokensOf(place)).toHaveLength(1)
    expect(await redis.keys('token:*')).toHaveLength(1)
  })

  test('that could not be made is not remembered as made', async () => {
    const place = await makeTenant(redis, 'acme')
    const once = callOnce(parts, body)
    await redis.config('SET', 'maxmemory', 1)
    await expect(createToken(redis, place, asked, operator, once)).rejects.toThrow(/^OOM/)
    await redis.config('SET', 'maxmemory', 0)
    expect(await callsOf(place)).toEqual([])
    expect(await createToken(redis, place, asked, operator, once)).toMatchObject({ made: asked })
  })
})
