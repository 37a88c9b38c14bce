import { gzipSync } from 'node:zlib'
import { readBatch, readRequest } from '@csr-foundry/records'
import { describe, expect, test } from 'vitest'
import { defaultPlace } from '../../../start-api.ts'
import { withApi } from '../../../with-api.ts'
import { ask, send } from '../native-calls.ts'
import {
  batchOf,
  csrOf,
  getBatch,
  lines,
  postBatch,
  resultsOf,
  row,
  rows,
  workOff,
} from './batch-calls.ts'

const api = withApi()

const csvType = { 'content-type': 'text/csv' }
const jsonType = { 'content-type': 'application/json' }

const countBatches = async () =>
  (await ask<{ batches: unknown[] }>(api, '/v1/batches?limit=200')).body.batches.length

test('the line of the call names the batch, also where it is taken in already', async () => {
  const headers = { 'idempotency-key': '"named-in-the-log"' }
  const made = [await postBatch(api, lines(rows(2)), { headers })]
  made.push(await postBatch(api, lines(rows(2)), { headers }))
  const [first, second] = made.map(({ body }) => body.id)
  const named = made.map(({ headers: answered }) => {
    const requestId = answered.get('x-request-id') ?? ''
    const line = api
      .logged()
      .split('\n')
      .find((one) => one.includes(requestId))
    return JSON.parse(line ?? '{}')
  })
  expect(second).toBe(first)
  expect(named).toMatchObject([first, first].map((batch) => ({ msg: 'call', status: 202, batch })))
})

test('a batch of NDJSON is taken, and its CSRs come out in the order of its rows', async () => {
  const made = await postBatch(api, lines(rows(600)))
  expect(made).toMatchObject({
    status: 202,
    body: {
      state: 'running',
      mode: 'partial',
      counts: { rows: 600, accepted: 600, rejected: 0, queued: 600, ready: 0 },
      rejected: [],
      times: { created: expect.any(String), taken: expect.any(String) },
    },
  })
  const { id, links } = made.body
  expect(made.headers.get('location')).toBe(`/v1/batches/${id}`)
  expect(links.results).toBe(`/v1/batches/${id}/results`)
  await workOff(api)
  expect(await getBatch(api, id)).toMatchObject({
    state: 'done',
    counts: { queued: 0, ready: 600 },
    times: { settled: expect.any(String) },
  })
  const results = await resultsOf(api, id)
  expect(results.map(({ ref, row: n }) => `${n} ${ref}`)).toEqual(
    Array.from({ length: 600 }, (_, n) => `${n} edge-${n}`),
  )
  expect(results[0]).toMatchObject({ state: 'ready', csr: csrOf('edge-0') })
})

const csv =
  'ref,common_name,sans\r\na,a.example.com,a.example.com b.example.com\r\nb,b.example.com,\r\n'

test.each([
  ['NDJSON', lines([row('a'), row('b')]), {}],
  [
    'NDJSON with CRLF, empty lines and an end',
    `${lines([row('a'), '', row('b')])
      .replace('""', '')
      .replaceAll('\n', '\r\n')}\r\n`,
    {},
  ],
  ['CSV', csv, csvType],
  [
    'CSV that says its charset',
    `\ufeff${csv}`,
    { 'content-type': 'text/csv; charset=utf-8; header=present' },
  ],
  ['JSON', JSON.stringify([row('a'), row('b')]), jsonType],
  ['gzip', gzipSync(lines([row('a'), row('b')])), { 'content-encoding': 'gzip' }],
  ['gzip of CSV', gzipSync(csv), { ...csvType, 'content-encoding': 'gzip' }],
])('%s', async (_, body, headers) => {
  const made = await postBatch(api, body, { headers })
  expect(made).toMatchObject({ status: 202, body: { counts: { accepted: 2, rejected: 0 } } })
  const results = await resultsOf(api, made.body.id)
  expect(results.map(({ ref }) => ref)).toEqual(['a', 'b'])
})

describe('rows that are not valid', () => {
  test('are told of with their lines, and leave the rest alone', async () => {
    const body = [
      JSON.stringify(row('a')),
      '{"ref": "b"',
      '',
      JSON.stringify(row('c', { subject: { country: 'UK' } })),
      JSON.stringify(row('a')),
      JSON.stringify(row('d')),
    ].join('\n')
    const { status, body: batch } = await postBatch(api, body)
    expect(status).toBe(202)
    expect(batch.counts).toMatchObject({ rows: 5, accepted: 2, rejected: 3 })
    expect(batch.rejected).toEqual([
      { line: 2, errors: [{ pointer: '', detail: expect.stringContaining('is not JSON') }] },
      {
        line: 4,
        ref: 'c',
        errors: [{ pointer: '/subject/country', detail: expect.any(String) }],
      },
      {
        line: 5,
        ref: 'a',
        errors: [{ pointer: '/ref', detail: 'is that of line 1 as well; a ref may be there once' }],
      },
    ])
    const results = await resultsOf(api, batch.id)
    expect(results.map(({ ref, row: n }) => [ref, n])).toEqual([
      ['a', 0],
      ['d', 4],
    ])
    expect(Number(results[1]?.path) - Number(results[0]?.path)).toBe(4)
  })

  test('of a CSV are pointed at by their columns', async () => {
    const body =
      'common_name,country,key_id\na.example.com,UK,\nb.example.com,,999999\nc.example.com\n'
    const { body: batch } = await postBatch(api, body, { headers: csvType })
    expect(batch.rejected.map(({ line, errors }) => [line, errors[0]?.pointer])).toEqual([
      [2, '/country'],
      [3, '/key_id'],
      [4, ''],
    ])
    expect(batch).toMatchObject({ state: 'done', counts: { accepted: 0, rejected: 3 } })
  })

  test('are listed in pages', async () => {
    const { body: batch } = await postBatch(api, '{}\n'.repeat(250))
    expect(batch.rejected).toHaveLength(100)
    const found: number[] = []
    let query = '?limit=90'
    for (let page = 0; page < 5; page += 1) {
      const path = `/v1/batches/${batch.id}/rejected${query}`
      const { body } = await ask<{ rejected: { line: number }[]; next?: string }>(api, path)
      found.push(...body.rejected.map(({ line }) => line))
      if (body.next === undefined) break
      query = `?limit=90&cursor=${body.next}`
    }
    expect(found).toEqual(Array.from({ length: 250 }, (_, i) => i + 1))
  })
})

test('what rows leave out stands in the call, else in the policy', async () => {
  const named = row('b', { key: { algorithm: 'ed25519' }, custody: 'internal' })
  const id = await batchOf(api, [row('a'), named], '?defaultKey=ecdsa-p384&custody=exportable')
  const other = await batchOf(api, [row('a')])
  const specs = [...(await resultsOf(api, id)), ...(await resultsOf(api, other))].map(
    async ({ path }) => {
      const record = await readRequest(api.redis, defaultPlace, path)
      return record?.state === 'queued' ? [record.spec.key.algorithm, record.spec.custody] : []
    },
  )
  expect(await Promise.all(specs)).toEqual([
    ['ecdsa-p384', 'exportable'],
    ['ed25519', 'internal'],
    ['ecdsa-p256', 'internal'],
  ])
})

test('rows that name a key are looked up, and one that is not there is a fault of its row', async () => {
  const key = (await send(api, 'POST', '/v1/requests', { subject: { commonName: 'k' } })).body.id
  await workOff(api)
  const { body: batch } = await postBatch(
    api,
    lines([
      row('a', { key: { id: key } }),
      row('b', { key: { id: '99999' } }),
      row('c', { key: { id: key }, custody: 'exportable' }),
      row('d'),
    ]),
  )
  expect(batch.counts).toMatchObject({ accepted: 2, rejected: 2 })
  expect(batch.rejected).toMatchObject([
    { line: 2, ref: 'b', errors: [{ pointer: '/key/id', detail: 'names no key' }] },
    { line: 3, ref: 'c', errors: [{ pointer: '/custody' }] },
  ])
  await workOff(api)
  const results = await resultsOf(api, batch.id)
  expect(results.map((line) => [line.state, line.key.id])).toEqual([
    ['ready', key],
    ['ready', results[1]?.path],
  ])
})

describe('mode=atomic', () => {
  test('takes nothing if one row is not valid, and tells of all that are not', async () => {
    const before = await countBatches()
    const all = rows(600).map((one, i) => (i % 250 === 7 ? { ...one, subject: 'none' } : one))
    const answer = await postBatch(api, lines(all), { query: '?mode=atomic' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'batch_rejected' } })
    expect(answer.body.errors?.map(({ line, pointer }) => [line, pointer])).toEqual([
      [8, '/subject'],
      [258, '/subject'],
      [508, '/subject'],
    ])
    expect(await countBatches()).toBe(before)
  })

  test('takes all of it otherwise', async () => {
    const { status, body } = await postBatch(api, lines(rows(300)), { query: '?mode=atomic' })
    expect(status).toBe(202)
    await expect
      .poll(async () => (await readBatch(api.redis, defaultPlace, body.id))?.state)
      .toBe('taken')
    await workOff(api)
    expect(await getBatch(api, body.id)).toMatchObject({
      state: 'done',
      mode: 'atomic',
      counts: { ready: 300 },
    })
  })
})

test.each([
  [
    'another type',
    lines(rows(1)),
    { 'content-type': 'text/plain' },
    'content_type_unsupported',
    400,
  ],
  [
    'another charset',
    lines(rows(1)),
    { 'content-type': 'text/csv; charset=latin1' },
    'content_type_unsupported',
    400,
  ],
  [
    'an encoding',
    lines(rows(1)),
    { 'content-encoding': 'br' },
    'content_encoding_unsupported',
    415,
  ],
  [
    'a size that is too large',
    lines(rows(1)),
    { 'content-length': '9000000000' },
    'batch_too_large',
    413,
  ],
  ['no rows', '', {}, 'batch_input_invalid', 400],
  ['no gzip', lines(rows(1)), { 'content-encoding': 'gzip' }, 'batch_input_invalid', 400],
  [
    'a gzip that ends early',
    gzipSync(lines(rows(9))).subarray(0, 60),
    { 'content-encoding': 'gzip' },
    'batch_input_invalid',
    400,
  ],
  ['unknown columns', 'ref,colour\na,red\n', csvType, 'batch_input_invalid', 400],
  ['no array', '{"a": 1}', jsonType, 'batch_input_invalid', 400],
  ['UTF-16', Buffer.from('\ufeffref', 'utf16le'), csvType, 'batch_input_invalid', 400],
])('%s is refused, and leaves nothing', async (_, body, headers, code, status) => {
  const before = await countBatches()
  expect(await postBatch(api, body, { headers })).toMatchObject({ status, body: { code } })
  expect(await countBatches()).toBe(before)
})

test('what is wrong with a CSV as a whole is told with its line and column', async () => {
  const { body } = await postBatch(api, 'ref,colour\na,red\n', { headers: csvType })
  expect(body.errors).toMatchObject([{ pointer: '/colour', line: 1 }])
})

test.each(['?mode=some', '?defaultKey=rsa-1024', '?custody=mine', '?what=1'])(
  '%s is refused',
  async (query) => {
    const answer = await postBatch(api, lines(rows(1)), { query })
    expect(answer).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } })
  },
)

test('a batch is for those with the role, and not there for another tenant', async () => {
  const id = await batchOf(api, rows(2))
  const reader = { authorization: await api.bearer(['read']) }
  const submitter = { authorization: await api.bearer(['submit']) }
  const statuses = async (headers: Record<string, string>) => {
    const get = (path: string) => ask(api, `/v1/batches/${id}${path}`, { headers })
    const post = (path: string) => ask(api, `/v1/batches/${id}${path}`, { method: 'POST', headers })
    const made = await postBatch(api, lines(rows(1)), { headers })
    const all = [made, await get(''), await get('/rejected'), await post('/retry')]
    return all.map(({ status }) => status)
  }
  expect(await statuses(reader)).toEqual([403, 200, 200, 403])
  expect(await statuses(submitter)).toEqual([202, 403, 403, 202])
})

test('rows that take long to read let others have their turn', async () => {
  const names = Array.from({ length: 250 }, (_, i) => ({ type: 'dns', value: `n${i}.example.com` }))
  const body = lines(rows(200).map((one) => ({ ...one, subjectAltNames: names })))
  let [longest, turn] = [0, performance.now()]
  const started = turn
  let isOver = false
  const watch = () => {
    longest = Math.max(longest, performance.now() - turn)
    turn = performance.now()
    if (!isOver) setImmediate(watch)
  }
  setImmediate(watch)
  const { status } = await postBatch(api, body)
  isOver = true
  expect(status).toBe(202)
  expect(longest).toBeLessThan((performance.now() - started) / 3)
})
