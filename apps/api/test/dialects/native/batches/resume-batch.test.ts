import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { BatchView } from '@csr-foundry/native-api'
import { deleteToken, installationKeys, listTokens, readBatch, roles } from '@csr-foundry/records'
import { describe, expect, test } from 'vitest'
import { defaultPlace, startApi } from '../../../start-api.ts'
import { withApi } from '../../../with-api.ts'
import { ask } from '../native-calls.ts'
import { bodyOf, getBatch, lines, postBatch, resultsOf, row, rows, workOff } from './batch-calls.ts'

const api = withApi()

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const whole = (count: number) => `${lines(rows(count))}\n`

const batchWithKey = async (key: string) => {
  const { body } = await ask<{ batches: { id: string; state: string; counts: object }[] }>(
    api,
    `/v1/batches?idempotencyKey=${key}`,
  )
  return body.batches[0]
}

/** The rows up to here arrive, then the connection breaks. */
async function sendUpTo(count: number, key: string, all = 1_000) {
  const text = `${lines(rows(all).slice(0, count))}\n`
  return await postBatch(api, bodyOf([text], { breaks: true }), keyed(key))
}

describe.each([
  ['at the end of a block', 512, 512],
  ['in the middle of one', 700, 512],
  ['in the first block', 100, undefined],
])('a connection that breaks %s', (_, sent, taken) => {
  test('leaves what was whole, and the same call goes on', async () => {
    const key = randomUUID()
    const broken = await sendUpTo(sent, key)
    expect(broken).toMatchObject({ status: 400, body: { code: 'body_malformed' } })
    const left = await batchWithKey(key)
    if (taken === undefined) expect(left).toBe(undefined)
    else {
      expect(left).toMatchObject({ state: 'broken', counts: { rows: taken, queued: taken } })
      expect(broken.body.detail).toContain(`The batch ${left?.id} has the rows before that`)
    }
    await workOff(api)
    const made = await postBatch(api, whole(1_000), keyed(key))
    expect(made).toMatchObject({ status: 202, body: { counts: { rows: 1_000, accepted: 1_000 } } })
    if (taken !== undefined) expect(made.body.id).toBe(left?.id)
    await workOff(api)
    const results = await resultsOf(api, made.body.id)
    expect(results.map(({ ref, state }) => `${ref} ${state}`)).toEqual(
      rows(1_000).map(({ ref }) => `${ref} ready`),
    )
    expect(new Set(results.map(({ path }) => path)).size).toBe(1_000)
  })
})

test('refs of rows that are there already count for those after them', async () => {
  const key = randomUUID()
  await sendUpTo(256, key)
  const made = await postBatch(api, `${whole(256)}${lines([row('edge-3'), row('x')])}`, keyed(key))
  expect(made.body.rejected).toMatchObject([
    { line: 257, errors: [{ pointer: '/ref', detail: expect.stringContaining('line 4') }] },
  ])
})

test('a call that is made again when all is in is answered with the batch', async () => {
  const key = randomUUID()
  const first = await postBatch(api, whole(600), keyed(key))
  const again = await postBatch(api, whole(600), keyed(key))
  expect(again).toMatchObject({ status: 202, body: { id: first.body.id } })
  expect(again.body.counts).toEqual(first.body.counts)
  expect(await batchWithKey(key)).toMatchObject({ id: first.body.id })
})

test.each([
  ['a row that differs', whole(600).replace('edge-599', 'edge-xxx'), ''],
  ['rows that are missing at the end', whole(599), ''],
  ['a block that is missing', whole(512), ''],
  ['rows that are added', whole(601), ''],
  ['a block that is added', whole(800), ''],
  ['another mode', whole(600), '?mode=atomic'],
  ['another key for all', whole(600), '?defaultKey=ed25519'],
  ['another custody for all', whole(600), '?custody=exportable'],
])('the same Idempotency-Key with %s is refused', async (_, body, query) => {
  const key = randomUUID()
  const first = await postBatch(api, whole(600), keyed(key))
  const again = await postBatch(api, body, { ...keyed(key), query })
  expect(again).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  expect(await getBatch(api, first.body.id)).toMatchObject({ counts: { rows: 600 } })
})

test('a broken one goes on with no other content, and stays as it is', async () => {
  const key = randomUUID()
  await sendUpTo(512, key)
  const other = await postBatch(api, whole(1_000).replace('edge-5"', 'edge-xx"'), keyed(key))
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  const shorter = await postBatch(api, whole(256), keyed(key))
  expect(shorter).toMatchObject({ status: 422 })
  expect(await batchWithKey(key)).toMatchObject({ state: 'broken', counts: { rows: 512 } })
  expect(await postBatch(api, whole(1_000), keyed(key))).toMatchObject({ status: 202 })
})

test('while one call takes it in, another with the same key is told to wait', async () => {
  const key = randomUUID()
  const second = Promise.withResolvers<void>()
  const slow = postBatch(
    api,
    bodyOf(
      (async function* () {
        yield whole(512)
        await second.promise
        yield lines(rows(600).slice(512))
      })(),
    ),
    keyed(key),
  )
  await expect.poll(() => batchWithKey(key)).toMatchObject({ counts: { rows: 512 } })
  const again = await postBatch(api, whole(600), keyed(key))
  expect(again).toMatchObject({ status: 409, body: { code: 'batch_busy' } })
  expect(again.headers.get('retry-after')).toBe('5')
  second.resolve()
  expect(await slow).toMatchObject({ status: 202, body: { counts: { accepted: 600 } } })
})

test('calls without a key are a batch each', async () => {
  const ids = [await postBatch(api, whole(3)), await postBatch(api, whole(3))].map(
    ({ body }) => body.id,
  )
  expect(new Set(ids).size).toBe(2)
})

/** A batch that is being taken in, until `end`. */
async function slowly(headers: Record<string, string> = {}) {
  const more = Promise.withResolvers<void>()
  const key = randomUUID()
  const answer = postBatch(
    api,
    bodyOf(
      (async function* () {
        yield whole(256)
        await more.promise
        yield whole(600).slice(whole(256).length)
      })(),
    ),
    { headers: { ...headers, 'idempotency-key': key } },
  )
  const takenIn = async () => {
    const path = '/v1/batches?limit=1'
    const { body } = await ask<{ batches: BatchView[] }>(api, path)
    return body.batches.find(({ state, counts }) => state === 'taking' && counts.rows === 256)?.id
  }
  await expect.poll(takenIn).toBeDefined()
  return { id: (await takenIn()) ?? '', key, more: more.resolve, answer }
}

test('one that is cancelled while it is taken in is taken in no further, not by the same call either', async () => {
  const { id, key, more, answer } = await slowly()
  expect((await ask(api, `/v1/batches/${id}/cancel`, { method: 'POST' })).status).toBe(202)
  more()
  expect(await answer).toMatchObject({ status: 409, body: { code: 'batch_cancelled' } })
  await expect
    .poll(() => getBatch(api, id))
    .toMatchObject({
      state: 'cancelled',
      counts: { rows: 256, queued: 0, cancelled: 256 },
    })
  expect(await postBatch(api, whole(600), keyed(key))).toMatchObject({
    status: 409,
    body: { code: 'batch_cancelled' },
  })
})

test('one that is deleted while it is taken in is gone', async () => {
  const { id, key, more, answer } = await slowly()
  expect((await ask(api, `/v1/batches/${id}`, { method: 'DELETE' })).status).toBe(204)
  more()
  expect(await answer).toMatchObject({ status: 410, body: { code: 'request_gone' } })
  expect(await postBatch(api, whole(600), keyed(key))).toMatchObject({ status: 410 })
})

test('who loses his token while he sends takes no further block', async () => {
  const authorization = await api.bearer(['submit'])
  const { id, more, answer } = await slowly({ authorization })
  const { tokens } = await listTokens(api.redis, defaultPlace, { limit: 100 })
  for (const token of tokens)
    await deleteToken(api.redis, defaultPlace, token.id, { name: 'test', roles })
  const isRefused = async () =>
    (await api.call('/v1/accounts/self', { headers: { authorization } })).status === 401
  await expect.poll(isRefused).toBe(true)
  more()
  expect(await answer).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } })
  expect(await getBatch(api, id)).toMatchObject({ state: 'broken', counts: { rows: 256 } })
})

test('a tenant whose queue is full is told so, and goes on later', async () => {
  const tenant = installationKeys.tenant('default')
  const queued = Number(await api.redis.hget('{s10}:t:default:counts', 'queued'))
  await api.redis.hset(tenant, 'limit:queuedRequests', String(queued + 600))
  await using other = await startApi({ redisUrl: api.redisUrl })
  const key = randomUUID()
  const full = await postBatch(other, whole(1_000), keyed(key))
  expect(full).toMatchObject({ status: 429, body: { code: 'queue_full' } })
  expect(full.headers.get('retry-after')).toBe('30')
  const left = await batchWithKey(key)
  expect(left).toMatchObject({ state: 'broken', counts: { rows: 512 } })
  expect(full.body.detail).toContain(`The batch ${left?.id} has the rows before that`)
  await workOff(api)
  const made = await postBatch(other, whole(1_000), keyed(key))
  expect(made).toMatchObject({ status: 202, body: { id: left?.id, counts: { accepted: 1_000 } } })
  // Without a key nobody could go on with it: nothing is left of one that did not begin.
  await api.redis.hset(tenant, 'limit:queuedRequests', '100')
  await using third = await startApi({ redisUrl: api.redisUrl })
  const before = (await ask<{ batches: unknown[] }>(api, '/v1/batches?limit=200')).body.batches
  expect(await postBatch(third, whole(300))).toMatchObject({ status: 429 })
  const after = (await ask<{ batches: unknown[] }>(api, '/v1/batches?limit=200')).body.batches
  expect(after.length).toBe(before.length)
  await api.redis.hdel(tenant, 'limit:queuedRequests')
})

test('a process that leaves ends what it takes in, and another goes on', async () => {
  await workOff(api)
  const other = await startApi({ redisUrl: api.redisUrl })
  const key = randomUUID()
  const never = Promise.withResolvers<void>()
  const body = (async function* () {
    yield whole(600)
    await never.promise
  })()
  const answer = postBatch(other, bodyOf(body), keyed(key))
  await expect.poll(() => batchWithKey(key)).toMatchObject({ counts: { rows: 512 } })
  other.services.heldCalls.drain()
  const refused = await answer
  expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect(refused.headers.get('retry-after')).toBe('2')
  never.resolve()
  expect(await batchWithKey(key)).toMatchObject({ state: 'broken' })
  expect(await postBatch(api, whole(600), keyed(key))).toMatchObject({ status: 202 })
  await other[Symbol.asyncDispose]()
})

test('nothing is read from the client while Redis does not take what he has sent', async () => {
  let pulled = 0
  const all = rows(10_048)
  const part = (from: number) => `${lines(all.slice(from, from + 64))}\n`
  const body = (async function* () {
    for (let from = 0; from < 10_000; from += 64) {
      pulled = from + 64
      yield part(from)
    }
  })()
  const key = randomUUID()
  const answer = postBatch(api, bodyOf(body), keyed(key))
  await expect.poll(() => pulled).toBeGreaterThan(512)
  // Less than the two seconds after which a call to Redis is given up.
  await api.redis.client('PAUSE', 1_800, 'WRITE')
  const readMeanwhile = async () => {
    const before = pulled
    await delay(300)
    return pulled - before
  }
  await expect.poll(readMeanwhile).toBe(0)
  expect(pulled).toBeLessThan(10_000)
  await api.redis.client('UNPAUSE')
  expect(await answer).toMatchObject({ status: 202, body: { counts: { accepted: 10_048 } } })
  expect((await readBatch(api.redis, defaultPlace, (await answer).body.id))?.blocks).toBe(40)
})

test('more than 20 open batches are refused until one is done', async () => {
  await workOff(api)
  for (let i = 0; i < 20; i += 1) expect((await postBatch(api, whole(1))).status).toBe(202)
  const full = await postBatch(api, whole(1))
  expect(full).toMatchObject({ status: 429, body: { code: 'batches_full' } })
  expect(full.headers.get('retry-after')).toBe('60')
  await workOff(api)
  expect((await postBatch(api, whole(1))).status).toBe(202)
})
