import { setTimeout as delay } from 'node:timers/promises'
import type { BatchView } from '@csr-foundry/native-api'
import { deleteToken, listTokens, roles } from '@csr-foundry/records'
import { dataOfEvents } from '@csr-foundry/testing/server-sent-events'
import { expect, test } from 'vitest'
import { defaultPlace, startApi } from '../../../start-api.ts'
import { withApi } from '../../../with-api.ts'
import { ask } from '../native-calls.ts'
import { batchOf, rows, workOff } from './batch-calls.ts'

const api = withApi()

/** Follows a batch: what was told so far, and its end. */
async function follow(id: string, headers: Record<string, string> = {}, of = api) {
  const response = await of.call(`/v1/batches/${id}/events`, { headers })
  const told: BatchView[] = []
  const times: number[] = []
  const ended = (async () => {
    for await (const batch of dataOfEvents<BatchView>(response, 'batch')) {
      told.push(batch)
      times.push(performance.now())
    }
  })()
  ended.catch(() => {})
  return { response, told, times, ended }
}

test('tells how a batch goes, at most once a second, until it is done', async () => {
  const id = await batchOf(api, rows(600))
  const { response, told, times, ended } = await follow(id)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  await expect.poll(() => told.length).toBe(1)
  expect(told[0]).toMatchObject({ id, state: 'running', counts: { queued: 600 } })
  expect(told[0]).not.toHaveProperty('rejected')
  expect(api.held()).toBe(1)
  await workOff(api)
  await ended
  expect(told.at(-1)).toMatchObject({ state: 'done', counts: { ready: 600 } })
  expect(told.length).toBeLessThan(4)
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0))
  for (const gap of gaps) expect(gap).toBeGreaterThan(950)
  expect(api.held()).toBe(0)
})

test('of one that is done are one event', async () => {
  const id = await batchOf(api, rows(1))
  await workOff(api)
  const { told, ended } = await follow(id)
  await ended
  expect(told).toMatchObject([{ state: 'done', counts: { ready: 1 } }])
  expect(api.held()).toBe(0)
})

test('end when the batch is deleted', async () => {
  const id = await batchOf(api, rows(1))
  const { ended } = await follow(id)
  await ask(api, `/v1/batches/${id}`, { method: 'DELETE' })
  await ended
})

test('end with the token of who reads them', async () => {
  const id = await batchOf(api, rows(1))
  const { ended } = await follow(id, { authorization: await api.bearer(['read']) })
  const { tokens } = await listTokens(api.redis, defaultPlace, { limit: 100 })
  const by = { name: 'test', roles }
  for (const token of tokens) await deleteToken(api.redis, defaultPlace, token.id, by)
  await expect(ended).rejects.toThrow()
  expect(api.held()).toBe(0)
  await workOff(api)
})

test('end where a client leaves', async () => {
  const id = await batchOf(api, rows(1))
  const left = new AbortController()
  const response = await api.call(`/v1/batches/${id}/events`, { signal: left.signal })
  const reader = response.body?.getReader()
  await reader?.read()
  const next = reader?.read()
  left.abort()
  await next
  expect(api.held()).toBe(0)
  await workOff(api)
})

test('of a process that leaves end, and so do those that are asked for then', async () => {
  const id = await batchOf(api, rows(1))
  const other = await startApi({ redisUrl: api.redisUrl })
  const { ended, told } = await follow(id, {}, other)
  await expect.poll(() => told.length).toBe(1)
  other.services.heldCalls.drain()
  await ended
  const refused = await ask(other, `/v1/batches/${id}/events`)
  expect(refused).toMatchObject({ status: 429, body: { code: 'events_throttled' } })
  expect(refused.headers.get('retry-after')).toBe('5')
  await other[Symbol.asyncDispose]()
  await workOff(api)
})

test('HEAD takes no place', async () => {
  const id = await batchOf(api, rows(1))
  const response = await api.call(`/v1/batches/${id}/events`, { method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(api.held()).toBe(0)
  await workOff(api)
})

test('a batch that runs has a rate and a time that is left', async () => {
  const id = await batchOf(api, rows(300))
  const shown = async () => (await ask<BatchView>(api, `/v1/batches/${id}`)).body
  expect(await shown()).not.toHaveProperty('rate')
  const [lot] = await api.redis.zrange('{s10}:lots', '0', '0')
  expect(lot).toBeDefined()
  await workOff(api, { most: 1 })
  await delay(1_100)
  const { rate = 0, secondsLeft = 0, counts } = await shown()
  expect(rate).toBeGreaterThan(0)
  expect(Math.abs(secondsLeft - counts.queued / rate)).toBeLessThan(2)
  await workOff(api)
  expect(await shown()).not.toHaveProperty('secondsLeft')
})
