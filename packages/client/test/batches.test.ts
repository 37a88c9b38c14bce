import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client, type ClientOptions, type SubmitProgress } from '../src/index.ts'
import { problem, type ScriptedServer, startScriptedServer } from './scripted-server.ts'

leakGuard()

const counts = {
  rows: 2,
  accepted: 2,
  rejected: 0,
  queued: 2,
  ready: 0,
  failed: 0,
  cancelled: 0,
}
const batch = {
  id: '7',
  state: 'running',
  mode: 'partial',
  counts,
  rejected: [],
  times: { created: '2026-01-01T00:00:00.000Z' },
  links: {
    self: '/v1/batches/7',
    results: '/v1/batches/7/results',
    events: '/v1/batches/7/events',
  },
}
const done = { ...batch, state: 'done', counts: { ...counts, queued: 0, ready: 2 } }
const broken = { ...batch, state: 'broken', counts: { ...counts, rows: 1, accepted: 1 } }
const found = (view?: object) => ({ status: 200, body: { batches: view ? [view] : [] } })
const answer = (body: unknown, status = 200) => ({ status, body })
const line = (row: number, state = 'ready') => ({
  path: String(row + 1),
  row,
  state,
  key: { algorithm: 'ed25519' },
  cursor: `after-${row}`,
})
const ndjson = (...lines: object[]) => lines.map((each) => `${JSON.stringify(each)}\n`).join('')

let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const clientOf = (options: Partial<ClientOptions> = {}) =>
  new Client({ url: server.url, token: 'a-token', ...options } as ClientOptions)
const calls = () => server.arrived.map(({ method, url }) => `${method} ${url}`)

async function allOf<Entry>(list: AsyncIterable<Entry>): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of list) entries.push(entry)
  return entries
}

test('a file is sent as it is, under a key that the caller gets', async () => {
  const told: SubmitProgress[] = []
  server.play(answer(batch, 202))
  async function* chunks() {
    yield 'ref\n'
    yield Buffer.from('edge-1\n')
  }
  const { batch: taken, idempotencyKey } = await clientOf().batches.submit(chunks(), {
    format: 'csv',
    gzip: true,
    mode: 'atomic',
    defaultKey: 'ed25519',
    onProgress: (progress) => told.push(progress),
  })
  expect(taken).toEqual(batch)
  expect(server.arrived).toMatchObject([
    {
      method: 'POST',
      url: '/v1/batches?mode=atomic&defaultKey=ed25519',
      body: 'ref\nedge-1\n',
      headers: {
        'content-type': 'text/csv',
        'content-encoding': 'gzip',
        'idempotency-key': idempotencyKey,
        'transfer-encoding': 'chunked',
      },
    },
  ])
  expect(told.map(({ bytes }) => bytes)).toEqual([0, 4, 11])
  expect(told[0]?.idempotencyKey).toBe(idempotencyKey)
})

test('after a broken connection the same file is opened and sent again, under the same key', async () => {
  server.play('breaks', found(broken), answer(broken), answer(batch, 202))
  let opened = 0
  const open = () => {
    opened += 1
    return ['{}\n', '{}\n']
  }
  const options = { format: 'ndjson', idempotencyKey: 'fleet-1' } as const
  await clientOf().batches.submit(open, options)
  expect(calls()).toEqual([
    'POST /v1/batches',
    'GET /v1/batches?idempotencyKey=fleet-1',
    'GET /v1/batches/7',
    'POST /v1/batches',
  ])
  expect(opened).toBe(2)
  const posts = server.arrived.filter(({ method }) => method === 'POST')
  expect(posts.map(({ headers }) => headers['idempotency-key'])).toEqual(['fleet-1', 'fleet-1'])
  expect(posts[1]?.body).toBe('{}\n{}\n')
})

test('where only the answer was lost the file is not sent a second time', async () => {
  server.play('breaks', found(batch), answer(batch))
  const { batch: taken } = await clientOf().batches.submit('{}\n', { format: 'ndjson' })
  expect(taken.state).toBe('running')
  expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(1)
})

test('a stream that is used up is not sent again, and a service that is busy is waited for', async () => {
  server.play('breaks')
  const stream = new Blob(['{}\n']).stream()
  const submitted = clientOf().batches.submit(stream, { format: 'ndjson' })
  await expect(submitted).rejects.toMatchObject({ code: 'unreachable' })
  expect(server.arrived).toHaveLength(1)

  const taking = answer(problem('batch_being_taken', 409), 409)
  const patiently = { ...taking, headers: { 'retry-after': '0' } }
  server.play(patiently, found(), answer(batch, 202))
  await clientOf().batches.submit('{}\n', { format: 'ndjson' })
  server.play(taking)
  const refused = clientOf().batches.submit('{}\n', { format: 'ndjson' })
  await expect(refused).rejects.toMatchObject({ code: 'batch_being_taken' })
})

test('tries are counted from where it last got further', async () => {
  const rows = (count: number) => {
    const view = { ...broken, counts: { ...counts, rows: count } }
    return [found(view), answer(view)]
  }
  const steps = [1, 2, 3].flatMap((count) => ['breaks' as const, ...rows(count)])
  server.play(...steps, answer(batch, 202))
  await clientOf({ tries: 2 }).batches.submit('{}\n', { format: 'ndjson' })

  server.play('breaks', ...rows(1), 'breaks', ...rows(1), 'breaks')
  const stuck = clientOf({ tries: 2 }).batches.submit('{}\n', { format: 'ndjson' })
  await expect(stuck).rejects.toMatchObject({ code: 'unreachable' })
})

test('while the service still reads a connection that broke, nothing is sent', async () => {
  const taking = { ...broken, state: 'taking' }
  server.play('breaks', found(taking), answer(taking), found(broken), answer(broken), answer(batch))
  await clientOf().batches.submit('{}\n', { format: 'ndjson' })
  expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(2)
})

test('a file that cannot be read is no broken connection', async () => {
  server.play(answer(batch, 202))
  const fault = new Error('EIO')
  const open = async function* () {
    yield '{}\n'
    throw fault
  }
  const submitted = clientOf().batches.submit(open, { format: 'ndjson' })
  await expect(submitted).rejects.toBe(fault)
})

test('a refusal is told at once', async () => {
  server.play(answer(problem('role_missing', 403), 403))
  const submitted = clientOf().batches.submit('{}\n', { format: 'ndjson' })
  await expect(submitted).rejects.toMatchObject({ code: 'role_missing', status: 403 })
  expect(server.arrived).toHaveLength(1)
})

test('results go on behind the last line where the connection breaks', async () => {
  const cut = `${ndjson(line(0))}${JSON.stringify(line(1))}\n{"path":`
  server.play({ ...answer(cut), breaksAfterwards: true }, answer(ndjson(line(2))))
  const results = await allOf(clientOf().batches.results('7', { state: 'ready', cursor: 'x' }))
  expect(results).toEqual([line(0), line(1), line(2)])
  expect(calls()).toEqual([
    'GET /v1/batches/7/results?state=ready&cursor=x',
    'GET /v1/batches/7/results?state=ready&cursor=after-1',
  ])

  server.play(answer(ndjson({ ...line(0), row: 'first' })))
  await expect(allOf(clientOf().batches.results('7'))).rejects.toMatchObject({
    code: 'unexpected_answer',
    message: expect.stringContaining('/row'),
  })
})

test('follow gives each row once it is settled, also where the service does not wait', async () => {
  server.play(
    answer(batch),
    answer(ndjson(line(0), line(1, 'queued'), line(2))),
    answer(done),
    answer(ndjson(line(1), line(2))),
  )
  const rows = await allOf(clientOf().batches.follow('7'))
  expect(rows).toEqual([line(0), line(1), line(2)])
  expect(calls()[3]).toBe('GET /v1/batches/7/results?cursor=after-0')
})

test('follow outlives a service that is away for longer than a call is tried', async () => {
  const away = { status: 503, body: problem('unavailable', 503), headers: { 'retry-after': '0' } }
  server.play(away, away, away, answer(done), answer(ndjson(line(0))))
  expect(await allOf(clientOf({ tries: 2 }).batches.follow('7'))).toEqual([line(0)])
})

test('events end with the batch, and go on where a proxy ends them before', async () => {
  const event = (view: object) => `event: batch\r\ndata: ${JSON.stringify(view)}\r\n\r\n`
  const stream = (text: string) => ({
    ...answer(text),
    headers: { 'content-type': 'text/event-stream' },
  })
  server.play(
    stream(`\uFEFF: hello\n\n${event(batch)}data: {"of":\ndata: "next year"}\n\n`),
    stream(`${event(done)}${event(batch)}`),
    answer(done),
  )
  const seen: string[] = []
  const settled = await clientOf().batches.waitFor('7', {
    onProgress: ({ state }) => seen.push(state),
  })
  expect(seen).toEqual(['running', 'done'])
  expect(settled).toEqual(done)

  server.play(stream(event(batch)))
  const wait = clientOf().batches.waitFor('7', { within: 0.1 })
  await expect(wait).rejects.toMatchObject({ code: 'not_settled' })
})

test('who leaves a stream hears his own reason', async () => {
  const control = new AbortController()
  const reason = new Error('I changed my mind')
  server.play('is silent')
  const left = allOf(clientOf().batches.results('7', { signal: control.signal }))
  setTimeout(() => control.abort(reason), 50)
  await expect(left).rejects.toBe(reason)
})

test('batches are found, listed, cancelled, retried and deleted', async () => {
  server.play(found())
  expect(await clientOf().batches.findByKey('fleet 1')).toBeUndefined()
  server.play(found(batch), answer(batch))
  expect(await clientOf().batches.findByKey('fleet 1')).toEqual(batch)
  server.play(answer({ batches: [batch], next: 'a' }), found(done))
  expect((await allOf(clientOf().batches.list())).map(({ state }) => state)).toEqual([
    'running',
    'done',
  ])
  server.play(answer(batch))
  await clientOf().batches.cancel('7')
  await clientOf().batches.retry('7')
  await clientOf().batches.delete('7')
  expect(calls()).toEqual([
    'POST /v1/batches/7/cancel',
    'POST /v1/batches/7/retry',
    'DELETE /v1/batches/7',
  ])
  const row = { line: 3, errors: [{ pointer: '/sans/0', detail: 'is not a name' }] }
  server.play(answer({ rejected: [row], next: 'b' }), answer({ rejected: [] }))
  expect(await allOf(clientOf().batches.rejected('7'))).toEqual([row])
})

test('the keys of a batch go on behind the last one', async () => {
  const key = (path: string) => ({ path, jwe: 'a.b.c.d.e', cursor: `k${path}` })
  const cut = { ...answer(ndjson(key('1'))), breaksAfterwards: true as const }
  server.play(cut, answer(ndjson(key('2'))))
  const recipient = { kty: 'OKP', crv: 'X25519', x: 'abc' }
  expect(await allOf(clientOf().batches.exportKeys('7', recipient))).toEqual([key('1'), key('2')])
  expect(calls()).toEqual(['POST /v1/batches/7/export', 'POST /v1/batches/7/export?cursor=k1'])
  expect(server.arrived.map(({ body }) => JSON.parse(body))).toEqual([{ recipient }, { recipient }])
})
