import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withApi } from '../../../with-api.ts'
import { ask } from '../native-calls.ts'
import { batchOf, csrOf, resultsOf, row, rows, workOff } from './batch-calls.ts'

const api = withApi()

let mixed = ''
beforeAll(async () => {
  mixed = await batchOf(api, [...rows(300), { subject: { commonName: 'without' } }])
  await workOff(api, { fails: (ref) => ref === 'edge-7' })
})

const fetchAs = (accept: string, id = mixed, query = '') =>
  api.call(`/v1/batches/${id}/results${query}`, { headers: { accept } })

describe('as NDJSON', () => {
  test('each line is a row with its state, key and CSR, or its problem', async () => {
    const response = await fetchAs('application/x-ndjson')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = await resultsOf(api, mixed)
    expect(lines).toHaveLength(301)
    const { path, cursor } = lines[0] ?? {}
    expect(lines[0]).toEqual({
      ...{ path, row: 0, ref: 'edge-0', state: 'ready', cursor, csr: csrOf('edge-0') },
      key: { id: path, algorithm: 'ecdsa-p256' },
    })
    expect(lines[7]).toMatchObject({ state: 'failed', problem: { code: 'csr_not_made' } })
    expect(lines[300]).not.toHaveProperty('ref')
    await response.body?.cancel()
  })

  test('goes on after any line, by its cursor', async () => {
    const lines = await resultsOf(api, mixed)
    for (const at of [0, 254, 255, 256, 300]) {
      const rest = await resultsOf(api, mixed, `?cursor=${lines[at]?.cursor}`)
      expect(rest).toEqual(lines.slice(at + 1))
    }
  })

  test('has only rows in the state that is asked for', async () => {
    expect((await resultsOf(api, mixed, '?state=failed')).map(({ row: n }) => n)).toEqual([7])
    expect(await resultsOf(api, mixed, '?state=ready')).toHaveLength(300)
    expect(await resultsOf(api, mixed, '?state=queued')).toEqual([])
    const running = await ask(api, `/v1/batches/${mixed}/results?state=running`)
    expect(running).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } })
  })

  test('while the batch runs it has the rows as they are', async () => {
    const id = await batchOf(api, rows(3))
    expect((await resultsOf(api, id)).map(({ state }) => state)).toEqual(Array(3).fill('queued'))
    expect(await resultsOf(api, id, '?state=ready')).toEqual([])
    await workOff(api)
  })
})

test('as CSV', async () => {
  const response = await fetchAs('text/csv')
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="batch-${mixed}.csv"`,
  )
  const found: Record<string, string>[] = parse(await response.text(), { columns: true })
  expect(found).toHaveLength(301)
  expect(found[0]).toMatchObject({ row: '0', ref: 'edge-0', state: 'ready', csr: csrOf('edge-0') })
  expect(found[7]).toMatchObject({ state: 'failed', csr: '', problem_code: 'csr_not_made' })
  expect(await resultsOf(api, mixed, `?cursor=${found[299]?.cursor}`)).toHaveLength(1)
})

describe('as a tar', () => {
  const folder = mkdtempSync(join(tmpdir(), 'results-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function unpacked(id: string, name: string, query = '') {
    const response = await fetchAs('application/gzip', id, query)
    expect(response.headers.get('content-disposition')).toMatch(/batch-\d+\.tar\.gz/)
    const into = mkdtempSync(join(folder, name))
    const input = Buffer.from(await response.arrayBuffer())
    execFileSync('tar', ['-xzf', '-', '-C', into], { input })
    const index: Record<string, string>[] = parse(readFileSync(join(into, 'index.csv')), {
      columns: true,
    })
    return { into, files: readdirSync(into), index }
  }

  test('has a file for each CSR, and an index of all rows', async () => {
    const { into, files, index } = await unpacked(mixed, 'all')
    expect(files).toHaveLength(301)
    expect(index).toHaveLength(301)
    expect(readFileSync(join(into, 'edge-42.csr.pem'), 'utf8')).toBe(csrOf('edge-42'))
    expect(index[300]).toMatchObject({ ref: '', file: `${index[300]?.path}.csr.pem` })
    expect(index[7]).toMatchObject({ state: 'failed', file: '', problem_code: 'csr_not_made' })
  })

  test('no ref leads out of it, is a device, or takes the place of another', async () => {
    const refs = [
      ...[
        '../../escaped',
        '/etc/passwd',
        '..',
        '.hidden',
        '-rf',
        'CON',
        'lpt1.txt',
        'a/b',
        'a%2Fb',
      ],
      ...['index.csv', 'C:\\x', 'a b', 'ü', 'x'.repeat(255), 'é'.repeat(200), '日'.repeat(255)],
    ]
    const id = await batchOf(api, [
      ...refs.map((ref) => row(ref, { subject: { commonName: 'a' } })),
      {
        subject: { commonName: 'without' },
      },
    ])
    await workOff(api)
    const paths = (await resultsOf(api, id)).map(({ path }) => path)
    const { into, files, index } = await unpacked(id, 'hostile')
    expect(files).toHaveLength(refs.length + 2)
    expect(readdirSync(folder).every((name) => /^(all|hostile)/.test(name))).toBe(true)
    for (const [i, ref] of refs.entries()) {
      expect(readFileSync(join(into, index[i]?.file ?? ''), 'utf8')).toBe(csrOf(ref))
    }
    expect(files).toContain('%2E.%2F..%2Fescaped.csr.pem')
    expect(files).toContain('%43ON.csr.pem')
    expect(files).toContain(`${paths.at(-1)}.csr.pem`)
    expect(files.every((name) => Buffer.byteLength(name) <= 255)).toBe(true)
  })

  test('a ref that is the path of another row is told apart from it', async () => {
    const next = Number(await batchOf(api, rows(1))) + 3
    const id = await batchOf(api, [row(String(next + 1)), { subject: { commonName: 'b' } }])
    await workOff(api)
    const paths = (await resultsOf(api, id)).map(({ path }) => path)
    expect(paths).toEqual([String(next), String(next + 1)])
    const { files } = await unpacked(id, 'hostile-path')
    expect(files).toHaveLength(3)
  })

  test('of one state has only its rows', async () => {
    const { files, index } = await unpacked(mixed, 'all-failed', '?state=failed')
    expect(files).toEqual(['index.csv'])
    expect(index).toHaveLength(1)
  })
})

test('no more is read from Redis than the client reads, and one that leaves ends it', async () => {
  const id = await batchOf(api, rows(5_000, 'long'))
  await workOff(api)
  const reads = async () => {
    const stats = await api.redis.info('commandstats')
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1])
  }
  for (const accept of ['application/x-ndjson', 'text/csv', 'application/gzip']) {
    const before = await reads()
    const response = await fetchAs(accept, id)
    const reader = response.body?.getReader()
    await reader?.read()
    await delay(200)
    expect((await reads()) - before).toBeLessThan(12)
    await reader?.cancel()
  }
})

test('HEAD has the headers and reads nothing', async () => {
  const response = await api.call(`/v1/batches/${mixed}/results`, { method: 'HEAD' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  expect(await response.text()).toBe('')
})

test('a batch that is not there is 404 in all its calls', async () => {
  for (const path of ['', '/results', '/rejected', '/events']) {
    const answer = await ask(api, `/v1/batches/99999${path}`)
    expect(answer).toMatchObject({ status: 404, body: { code: 'batch_not_found' } })
  }
  for (const path of ['/cancel', '/retry']) {
    const answer = await ask(api, `/v1/batches/99999${path}`, { method: 'POST' })
    expect(answer).toMatchObject({ status: 404, body: { code: 'batch_not_found' } })
  }
  const deleted = await ask(api, '/v1/batches/99999', { method: 'DELETE' })
  expect(deleted).toMatchObject({ status: 404, body: { code: 'batch_not_found' } })
  expect((await ask(api, '/v1/batches/1/what')).status).toBe(404)
  expect((await ask(api, '/v1/batches/1/cancel')).status).toBe(405)
})

const statusOf = async (authorization: string) =>
  (await api.call('/v1/accounts/self', { headers: { authorization } })).status

test('one who loses his token reads no further page', async () => {
  const id = await batchOf(api, rows(600, 'more'))
  const authorization = await api.bearer(['read'])
  const response = await api.call(`/v1/batches/${id}/results`, { headers: { authorization } })
  const reader = response.body?.getReader()
  await reader?.read()
  const { deleteToken, listTokens, roles } = await import('@csr-foundry/records')
  const { defaultPlace } = await import('../../../start-api.ts')
  const { tokens } = await listTokens(api.redis, defaultPlace, { limit: 100 })
  const by = { name: 'test', roles }
  for (const token of tokens) await deleteToken(api.redis, defaultPlace, token.id, by)
  await expect.poll(() => statusOf(authorization)).toBe(401)
  await expect(reader?.read()).rejects.toThrow('credentials')
})
