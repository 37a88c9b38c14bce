import { readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { batch, events, going, ndjson, ready } from './batch-answers.ts'
import { enterFolder, type Folder } from './folder.ts'
import { runHere } from './in-process.ts'
import { refusal, type ScriptedService, startScriptedService } from './scripted-service.ts'
import { playHere } from './session.ts'
import { startCsrctl } from './start-csrctl.ts'

let service: ScriptedService
let folder: Folder
beforeAll(async () => {
  service = await startScriptedService()
  folder = await enterFolder()
  await writeFile('fleet.csv', 'ref,common_name\nrack/1,a\nrack/2,b\n')
})
beforeEach(async () => {
  service.calls.length = 0
  service.bodies.length = 0
  await rm('out', { recursive: true, force: true })
})
afterAll(async () => {
  await folder[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})

const environment = () => ({ CSRCTL_URL: service.url, CSRCTL_TOKEN: 'a-token' })
const shell = (session: string) => playHere(session, environment())
const csrctl = (...args: string[]) => runHere(args, { environment: environment() })
const posts = () => service.calls.filter((call) => call.startsWith('POST /v1/batches'))

const keysLine =
  'csrctl: The private keys are in the service, sealed. One whose custody is internal stays there; one that is exportable is for who has the role export: csrctl batch 7 --out DIR --keys-to FILE.jwk'

test('a file becomes a folder of CSRs with an index, and the keys are said to be in the service', async () => {
  service.answers = going(batch(), ready(0, 'rack/1'), ready(1))
  await shell(`
    $ csrctl submit fleet.csv --out out --key-algorithm ed25519
    BATCH  STATE  ROWS  READY  REJECTED  FAILED  CANCELLED  TIME
    7      done   2     2      0         0       0          … s
    csrctl: 2 CSRs in out, listed in index.csv.
    ${keysLine}
    `)
  expect(posts()).toEqual(['POST /v1/batches?mode=partial&defaultKey=ed25519'])
  expect(service.bodies).toEqual(['ref,common_name\nrack/1,a\nrack/2,b\n'])
  expect((await readdir('out')).sort()).toEqual(['12.csr.pem', 'index.csv', 'rack%2F1.csr.pem'])
  expect(await readFile('out/rack%2F1.csr.pem', 'utf8')).toBe(ready(0).csr)
  expect(await readFile('out/index.csv', 'utf8')).toBe(
    [
      'path,ref,state,file,key_id,problem',
      '11,rack/1,ready,rack%2F1.csr.pem,11,',
      '12,,ready,12.csr.pem,12,',
      '',
    ].join('\r\n'),
  )
})

test('rows that were not taken or have failed are told, listed, and end with 1', async () => {
  const done = batch({ counts: { rows: 25, accepted: 2, rejected: 23, ready: 1, failed: 1 } })
  const problem = refusal('csr_not_made', 500, 'It, "alas", could not be made.')
  const failed = { ...ready(1, 'b'), state: 'failed', csr: undefined, problem }
  const row = (line: number) => ({
    line,
    ref: `r${line}`,
    errors: [
      { pointer: '/common_name', detail: 'is empty' },
      { pointer: '/sans/0', detail: 'is "no" name' },
    ],
  })
  const rejected = Array.from({ length: 23 }, (_, i) => row(i + 4))
  service.answers = {
    ...going(done, ready(0, 'a'), failed),
    'GET /v1/batches/7/rejected': [
      { body: { rejected: rejected.slice(0, 10), next: 'c' } },
      { body: { rejected: rejected.slice(10) } },
    ],
  }
  await shell(`
    $ csrctl submit fleet.csv --out out
    csrctl: Line 4, r4: /common_name is empty; /sans/0 is "no" name.
    …
    csrctl: Line 23, r23: /common_name is empty; /sans/0 is "no" name.
    csrctl: 3 more rows were not taken.
    BATCH  STATE  ROWS  READY  REJECTED  FAILED  CANCELLED  TIME
    7      done   25    1      23        1       0          … s
    csrctl: 1 row failed. To make them again: csrctl batch retry 7
    csrctl: 1 CSR in out, listed in index.csv.
    ${keysLine}
    [1]
    `)
  const lines = (await readFile('out/rejected.csv', 'utf8')).split('\r\n')
  expect(lines).toHaveLength(1 + 2 * 23 + 1)
  expect(lines.slice(0, 3)).toEqual([
    'line,ref,pointer,detail',
    '4,r4,/common_name,is empty',
    '4,r4,/sans/0,"is ""no"" name"',
  ])
  expect(await readFile('out/index.csv', 'utf8')).toContain(
    '12,b,failed,,12,"csr_not_made: It, ""alas"", could not be made."\r\n',
  )
})

test('the same command goes on with the batch that there is, and leaves the files that are right', async () => {
  const done = batch()
  service.answers = going(done, ready(0, 'a'), ready(1, 'b'))
  await csrctl('submit', 'fleet.csv', '--out', 'out')
  const key = /idempotencyKey=(csrctl-[\w-]{43})$/.exec(service.calls[0] ?? '')?.[1]
  expect(key).toBeDefined()
  await writeFile('out/b.csr.pem', ready(1).csr.slice(0, 20))
  await writeFile('other.csv', 'ref\n')
  service.calls.length = 0

  service.answers = { ...service.answers, 'GET /v1/batches': { body: { batches: [done] } } }
  await shell(`
    $ csrctl submit fleet.csv --out out
    csrctl: The same was handed in before, as batch 7. --again makes a new batch of it.
    BATCH  STATE  ROWS  READY  REJECTED  FAILED  CANCELLED  TIME
    7      done   2     2      0         0       0          … s
    csrctl: 2 CSRs in out, listed in index.csv.
    ${keysLine}
    `)
  expect(posts()).toEqual([])
  expect(service.calls[0]).toContain(key)
  expect(await readFile('out/b.csr.pem', 'utf8')).toBe(ready(1).csr)

  for (const others of [
    ['other.csv'],
    ['fleet.csv', '--mode', 'atomic'],
    ['fleet.csv', '--custody', 'internal'],
  ]) {
    service.calls.length = 0
    await csrctl('submit', ...others)
    expect(service.calls[0]).toMatch(/idempotencyKey=csrctl-/)
    expect(service.calls[0]).not.toContain(key)
  }
  service.calls.length = 0
  await csrctl('submit', 'fleet.csv', '--again')
  expect(service.calls[0]).toBe('POST /v1/batches?mode=partial')
  service.calls.length = 0
  await csrctl('submit', 'fleet.csv', '--idempotency-key', 'mine')
  expect(service.calls[0]).toBe('GET /v1/batches?idempotencyKey=mine')
})

test('files of others are left alone unless they may be replaced', async () => {
  service.answers = going(batch(), ready(0, 'a'), ready(1, 'b'))
  await mkdir('out')
  await writeFile('out/a.csr.pem', 'something else')
  const refused = `
    $ csrctl submit fleet.csv --out out
    csrctl: out/a.csr.pem is there already. Name another file, or replace it with --force.
    [2]
    `
  await shell(refused)
  expect(readdirSync('out')).toEqual(['a.csr.pem'])
  await rm('out/a.csr.pem')
  await symlink('/dev/null', 'out/a.csr.pem')
  expect((await csrctl('submit', 'fleet.csv', '--out', 'out', '--force')).stderr).toBe(
    'csrctl: out/a.csr.pem is not a file. Check that its folder is there, that you may write in it, and that the disk has room.\n',
  )
  await rm('out/a.csr.pem')
  await writeFile('out/a.csr.pem', 'something else')
  await writeFile('out/index.csv', 'path,ref\r\n3,x\r\n')
  expect((await csrctl('submit', 'fleet.csv', '--out', 'out')).stderr).toContain(
    'out/index.csv is there already, with other paths.',
  )
  expect(await csrctl('submit', 'fleet.csv', '--out', 'out', '--force')).toMatchObject({ code: 0 })
  expect(await readFile('out/a.csr.pem', 'utf8')).toBe(ready(0).csr)
})

test('keys are encrypted for who is named, beside each CSR, and only their owner can read them', async () => {
  const header = (epk: string) =>
    Buffer.from(JSON.stringify({ alg: 'ECDH-ES', epk, kid: 'me' })).toString('base64url')
  const jwe = (epk: string) => `${header(epk)}..iv.text.tag`
  const line = (path: string, epk: string) => ({ path, jwe: jwe(epk), cursor: path })
  const missed = {
    path: '12',
    problem: { code: 'key_not_exportable', detail: 'Its custody is internal.' },
    cursor: '12',
  }
  await writeFile('ops.jwk', '{"kty":"OKP","crv":"X25519","x":"abc"}')
  service.answers = {
    ...going(batch(), ready(0, 'a'), ready(1, 'b')),
    'POST /v1/batches/7/export': [
      { body: ndjson(line('11', 'one'), missed) },
      { body: ndjson(line('11', 'two'), line('12', 'two')) },
    ],
  }
  await shell(`
    $ csrctl submit fleet.csv --out out --keys-to ops.jwk
    csrctl: b: Its custody is internal.
    BATCH  STATE  ROWS  READY  REJECTED  FAILED  CANCELLED  TIME
    7      done   2     2      0         0       0          … s
    csrctl: 2 CSRs and 1 key in out, listed in index.csv.
    $ csrctl batch 7 --out out --keys-to ops.jwk
    BATCH  STATE  ROWS  READY  REJECTED  FAILED  CANCELLED  TIME
    7      done   2     2      0         0       0          … s
    csrctl: 2 CSRs and 2 keys in out, listed in index.csv.
    `)
  expect(posts()[0]).toBe('POST /v1/batches?mode=partial&custody=exportable')
  expect(service.bodies.at(-1)).toEqual({ recipient: { kty: 'OKP', crv: 'X25519', x: 'abc' } })
  expect((await stat('out/a.key.jwe')).mode & 0o777).toBe(0o600)
  // What is there was encrypted for the same reader.
  expect(await readFile('out/a.key.jwe', 'utf8')).toBe(`${jwe('one')}\n`)
  expect(await readFile('out/b.key.jwe', 'utf8')).toBe(`${jwe('two')}\n`)
})

test('an atomic batch that is not taken names its rows', async () => {
  const errors = [
    { line: 3, pointer: '/common_name', detail: 'is empty' },
    { line: 3, pointer: '/country', detail: 'is no code' },
    { line: 9, pointer: '/ref', detail: 'is there twice' },
  ]
  service.answers = {
    ...going(),
    'POST /v1/batches': {
      status: 400,
      body: { ...refusal('batch_rejected', 400, 'Nothing was taken.'), errors },
    },
  }
  await shell(`
    $ csrctl submit fleet.csv --mode atomic
    csrctl: Line 3: /common_name is empty; /country is no code.
    csrctl: Line 9: /ref is there twice.
    csrctl: Nothing was taken. Correct these rows and hand the file in again; there may be more.
    [1]
    `)
})

test('files are known by their names or the option, gzip by its bytes', async () => {
  service.answers = going()
  await writeFile('fleet.ndjson.gz', gzipSync('{}\n'))
  await writeFile('fleet', '[]')
  await writeFile('empty.csv', '')
  await shell(`
    $ csrctl submit fleet
    csrctl: The format of fleet is not known. Name it with --format: ndjson, csv or json.
    [2]
    $ csrctl submit gone.csv
    csrctl: The batch cannot be read from gone.csv. There is no such file. Check its name and the folder that it should be in.
    [2]
    $ csrctl submit empty.csv
    csrctl: The batch cannot be read from empty.csv. It is empty. Check what should have written it.
    [2]
    $ csrctl submit fleet.csv --keys-to ops.jwk
    csrctl: '--keys-to' writes files, but '--out' names no folder.
    Run "csrctl submit --help" to see what it takes.
    [2]
    `)
  expect(service.calls).toEqual([])
  expect(await csrctl('submit', 'fleet.ndjson.gz')).toMatchObject({ code: 0 })
  expect(await csrctl('submit', 'fleet', '--format', 'json')).toMatchObject({ code: 0 })
  const around = { environment: environment(), stdin: gzipSync('{"ref":"a"}\n') }
  expect(await runHere(['submit', '-', '--format', 'ndjson'], around)).toMatchObject({ code: 0 })
  expect(posts()).toHaveLength(3)
})

test('with --json there is one document, with all rows that were not taken', async () => {
  const done = batch({ counts: { rows: 3, rejected: 1 } })
  const rejected = [{ line: 2, errors: [{ pointer: '', detail: 'is no JSON' }] }]
  service.answers = {
    ...going(done, ready(0), ready(1)),
    'GET /v1/batches/7/rejected': { body: { rejected } },
  }
  const { stdout, code } = await csrctl('submit', 'fleet.csv', '--out', 'out', '--json')
  expect(JSON.parse(stdout)).toEqual({
    batch: { ...done, rejected },
    seconds: expect.any(Number),
    out: { folder: 'out', csrs: 2 },
  })
  expect(code).toBe(1)
})

test('a terminal has a bar, which makes room for what is said', async () => {
  const running = batch({
    state: 'running',
    counts: { queued: 1, ready: 1 },
    rate: 2,
    secondsLeft: 9,
  })
  service.answers = {
    ...going(),
    'GET /v1/batches/7/events': [
      { ...events(running), headers: { 'content-type': 'text/event-stream' } },
      events(batch()),
    ],
  }
  const seen = await runHere(['submit', 'fleet.csv'], {
    environment: { ...environment(), TERM: 'xterm' },
    terminal: true,
  })
  expect(seen.stderr).toContain('100 %  34 bytes of 34 bytes')
  expect(seen.stderr).toContain('50 %  1 of 2  2/s  9.0 s left')
  expect(seen.stderr).toContain('\r\u001b[Kcsrctl: The events ended early.')
  expect(seen.stdout).not.toContain('\u001b')
})

test('Ctrl-C leaves the batch to the service and says how to go on', async () => {
  const running = batch({ state: 'running', counts: { queued: 2, ready: 0 } })
  service.answers = { ...going(running), 'GET /v1/batches/7/events': { hangs: true } }
  const seen = await startCsrctl(['submit', 'fleet.csv', '--out', 'out'], {
    environment: environment(),
    meanwhile: async (child) => {
      await vi.waitFor(() => expect(service.calls).toContain('GET /v1/batches/7/events'), 20_000)
      child.kill('SIGINT')
    },
  })
  expect(seen).toEqual({
    stdout: '',
    stderr:
      'csrctl: Interrupted. The service goes on with batch 7. Run the same command again: it goes on where this one was.\n',
    code: 130,
  })
  expect(await readdir('out')).toEqual([])
})

test('where the service is lost for long, it is said how to go on', async () => {
  service.answers = { ...going(), 'GET /v1/batches/7/results': { status: 500, body: 'no problem' } }
  const { stderr, code } = await csrctl('submit', 'fleet.csv', '--out', 'out')
  expect(stderr).toMatch(/^csrctl: The service goes on with batch 7. The same command goes on /)
  expect(code).toBe(3)
  expect(await readdir('out')).toEqual([])
})
