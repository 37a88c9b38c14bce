import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { BatchView, ProblemView } from '@csr-foundry/native-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../../../src/app.ts'
import { type RunningServer, serve, usualLimits } from '../../../../src/http/serve.ts'
import { authorization } from '../../../start-api.ts'
import { withApi } from '../../../with-api.ts'
import { ask } from '../native-calls.ts'
import { getBatch, lines, rows, workOff } from './batch-calls.ts'

const api = withApi()
let server: RunningServer
beforeAll(async () => {
  // To check a password for the first time takes its time.
  await api.call('/v1/policy')
  const place = { host: '127.0.0.1', port: 0, tls: undefined }
  server = await serve(createApp(api.services), place, api.services.log, {
    ...usualLimits,
    ...{ requestTimeout: 1_000, connectionsCheckingInterval: 20 },
  })
})
afterAll(() => server.close(1_000))

/** A call whose body is sent piece by piece. */
function open(path: string, options: RequestOptions = {}) {
  const headers = { authorization, 'content-type': 'application/x-ndjson', ...options.headers }
  const call = request(`${server.url}${path}`, { method: 'POST', ...options, headers })
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    call.on('response', resolve)
    call.on('error', reject)
  })
  answer.catch(() => {})
  return { call, answer }
}

async function read<Body = BatchView & ProblemView>(incoming: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return JSON.parse(text)
}

const newest = async () =>
  (await ask<{ batches: BatchView[] }>(api, '/v1/batches?limit=1')).body.batches[0]

test('a batch may take longer to arrive than other calls', async () => {
  const { call, answer } = open('/v1/batches')
  for (let i = 0; i < 15; i += 1) {
    call.write(`${lines(rows(100, `slow-${i}`))}\n`)
    await delay(100)
  }
  call.end()
  const incoming = await answer
  expect(incoming.statusCode).toBe(202)
  expect(await read(incoming)).toMatchObject({ counts: { accepted: 1_500 } })
  await workOff(api)
})

test.each([
  ['another call', '/v1/requests', { 'content-type': 'application/json' }, 408],
  ['one who is not known', '/v1/batches', { authorization: 'Bearer none' }, 401],
])('%s may not', async (_, path, headers, status) => {
  const { call, answer } = open(path, { headers })
  call.write('{')
  const incoming = await answer
  expect(incoming.statusCode).toBe(status)
  call.destroy()
})

test('a client that is refused while it sends is told why', async () => {
  const { call, answer } = open('/v1/batches', { headers: { 'content-type': 'text/csv' } })
  call.write('ref,colour\n')
  for (let i = 0; i < 50; i += 1) call.write('a,b\n'.repeat(20_000))
  const incoming = await answer
  expect(incoming.statusCode).toBe(400)
  expect(await read(incoming)).toMatchObject({ code: 'batch_input_invalid' })
  // So that no client sends its next call behind what is left of this one.
  expect(incoming.headers.connection).toBe('close')
  call.destroy()
})

test('where the connection breaks the batch is broken at once, and its process goes on', async () => {
  const { call } = open('/v1/batches')
  call.write(`${lines(rows(600, 'broken'))}\n`)
  await expect.poll(newest).toMatchObject({ state: 'taking', counts: { rows: 512 } })
  call.destroy()
  await expect.poll(newest).toMatchObject({ state: 'broken', counts: { rows: 512 } })
  await workOff(api)
})

test('a body without a length, of a call that takes none, is no trouble', async () => {
  const id = (await newest())?.id ?? ''
  const { call, answer } = open(`/v1/batches/${id}/cancel`, {
    headers: { 'transfer-encoding': 'chunked' },
  })
  call.end('{}')
  const incoming = await answer
  expect(incoming.statusCode).toBe(202)
  incoming.resume()
  await expect.poll(async () => (await getBatch(api, id)).state).toBe('cancelled')
})

test('results and events go out as they are made', async () => {
  const { call, answer } = open('/v1/batches')
  call.end(lines(rows(3_000, 'out')))
  const { id } = await read(await answer)
  const headers = { authorization }
  const events = await fetch(`${server.url}/v1/batches/${id}/events`, { headers })
  const reader = events.body?.getReader()
  const first = await reader?.read()
  expect(Buffer.from(first?.value ?? []).toString()).toMatch(/^event: batch\ndata: \{/)
  await reader?.cancel()
  await expect.poll(() => api.held()).toBe(0)
  await workOff(api)
  const results = await fetch(`${server.url}/v1/batches/${id}/results`, { headers })
  expect((await results.text()).trimEnd().split('\n')).toHaveLength(3_000)
  const part = await fetch(`${server.url}/v1/batches/${id}/results`, { headers })
  const left = part.body?.getReader()
  await left?.read()
  await left?.cancel()
})
