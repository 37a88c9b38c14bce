import { readRequest } from '@csr-foundry/records'
import { expect, test } from 'vitest'
import { defaultPlace } from '../../../start-api.ts'
import { withApi } from '../../../with-api.ts'
import { ask } from '../native-calls.ts'
import { type BatchAnswer, batchOf, getBatch, resultsOf, rows, workOff } from './batch-calls.ts'

const api = withApi()

const change = (id: string, what: string): Promise<BatchAnswer> =>
  ask(api, `/v1/batches/${id}/${what}`, { method: 'POST' })

test('cancel stops what is queued, and what is ready stays', async () => {
  const id = await batchOf(api, rows(600))
  const cancelled = await change(id, 'cancel')
  expect(cancelled).toMatchObject({ status: 202, body: { id, state: 'cancelled' } })
  expect(cancelled.headers.get('location')).toBe(`/v1/batches/${id}`)
  await expect
    .poll(() => getBatch(api, id))
    .toMatchObject({
      counts: { queued: 0, cancelled: 600 },
      times: { cancelled: expect.any(String) },
    })
  await workOff(api)
  expect(new Set((await resultsOf(api, id)).map(({ state }) => state))).toEqual(
    new Set(['cancelled']),
  )
  // Nothing is left to be done, and asking again is no fault.
  expect((await change(id, 'cancel')).status).toBe(202)
})

test('retry queues what has failed under the same ids', async () => {
  const id = await batchOf(api, rows(300))
  await workOff(api, { fails: (ref) => /[05]$/.test(ref ?? '') })
  expect(await getBatch(api, id)).toMatchObject({ state: 'done', counts: { failed: 60 } })
  const before = await resultsOf(api, id)
  expect(await change(id, 'retry')).toMatchObject({ status: 202, body: { state: 'running' } })
  await expect.poll(() => getBatch(api, id)).toMatchObject({ counts: { failed: 0, queued: 60 } })
  await workOff(api)
  await expect
    .poll(() => getBatch(api, id))
    .toMatchObject({ state: 'done', counts: { ready: 300 } })
  const after = await resultsOf(api, id)
  expect(after.map(({ path }) => path)).toEqual(before.map(({ path }) => path))
})

test('a retry that is sent again with its Idempotency-Key queues once, and is answered with the batch as it is', async () => {
  const id = await batchOf(api, rows(3))
  await workOff(api, { fails: () => true })
  const retry = (body?: string) =>
    ask(api, `/v1/batches/${id}/retry`, {
      ...{ method: 'POST', headers: { 'idempotency-key': 'again' } },
      ...(body !== undefined && { body }),
    })
  expect(await retry()).toMatchObject({ status: 202, body: { state: 'running' } })
  await expect.poll(() => getBatch(api, id)).toMatchObject({ counts: { queued: 3 } })
  await workOff(api, { fails: () => true })
  const again = await retry()
  expect(again).toMatchObject({ status: 202, body: { id, state: 'done', counts: { failed: 3 } } })
  expect(again.headers.get('location')).toBe(`/v1/batches/${id}`)
  expect(await retry('{}')).toMatchObject({
    ...{ status: 422, body: { code: 'idempotency_key_reused' } },
  })
  expect((await ask(api, `/v1/batches/${id}`, { method: 'DELETE' })).status).toBe(204)
  expect(await retry()).toMatchObject({ status: 410, body: { code: 'request_gone' } })
  // Its key names one call: of a cancel it is another's.
  expect((await change(id, 'cancel')).status).toBe(404)
})

test('its jobs are in the queue once it is taken in, retried, or released', async () => {
  const waiting = async () => (await api.services.queues.load(defaultPlace.shard, 'fast')).waiting
  const before = await waiting()
  const id = await batchOf(api, rows(300))
  expect(await waiting()).toBe(before + 3)
  await batchOf(api, rows(300), '?mode=atomic')
  await expect.poll(waiting).toBe(before + 6)
  await workOff(api, { fails: () => true })
  await change(id, 'retry')
  await expect.poll(waiting).toBeGreaterThan(before + 6)
  await workOff(api)
})

test('DELETE removes the batch and its requests', async () => {
  const id = await batchOf(api, rows(300))
  await workOff(api)
  const [first] = await resultsOf(api, id)
  const deleted = await ask(api, `/v1/batches/${id}`, { method: 'DELETE' })
  expect(deleted.status).toBe(204)
  expect((await ask(api, `/v1/batches/${id}`)).status).toBe(404)
  expect((await ask(api, `/v1/batches/${id}`, { method: 'DELETE' })).status).toBe(404)
  await expect
    .poll(async () => {
      const record = await readRequest(api.redis, defaultPlace, first?.path ?? '')
      return record?.state
    })
    .toBe(undefined)
  const { body } = await ask<{ batches: { id: string }[] }>(api, '/v1/batches')
  expect(body.batches.some((batch) => batch.id === id)).toBe(false)
})

test('batches are listed newest first, in pages', async () => {
  const made = [
    await batchOf(api, rows(1)),
    await batchOf(api, rows(1)),
    await batchOf(api, rows(1)),
  ]
  type Page = { batches: { id: string }[]; next?: string }
  const first = (await ask<Page>(api, '/v1/batches?limit=2')).body
  expect(first.batches.map(({ id }) => id)).toEqual([made[2], made[1]])
  expect(first.batches[0]).not.toHaveProperty('rejected')
  const second = (await ask<Page>(api, `/v1/batches?limit=2&cursor=${first.next}`)).body
  expect(second.batches[0]?.id).toBe(made[0])
  const none = await ask<Page>(api, '/v1/batches?idempotencyKey=never')
  expect(none.body).toEqual({ batches: [] })
  await workOff(api)
})
