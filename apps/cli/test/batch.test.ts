import { afterAll, beforeAll, expect, test } from 'vitest'
import { batch, events, going, ndjson, ready } from './batch-answers.ts'
import { runHere } from './in-process.ts'
import { refusal, type ScriptedService, startScriptedService } from './scripted-service.ts'
import { playHere } from './session.ts'

let service: ScriptedService
beforeAll(async () => {
  service = await startScriptedService()
})
afterAll(() => service[Symbol.asyncDispose]())

const environment = () => ({ CSRCTL_URL: service.url, CSRCTL_TOKEN: 'a-token' })
const shell = (session: string) => playHere(session, environment())

test('a batch is shown as it is, or once it is settled', async () => {
  const running = batch({
    state: 'running',
    counts: { rows: 3, rejected: 1, queued: 1, ready: 1 },
    rate: 2,
    secondsLeft: 75,
  })
  service.answers = {
    'GET /v1/batches/7': [{ body: running }, { body: batch() }],
    'GET /v1/batches/7/events': events(batch()),
  }
  await shell(`
    $ csrctl batch 7
    id:        7
    state:     running
    mode:      partial
    rows:      3
    accepted:  2
    rejected:  1
    queued:    1
    ready:     1
    failed:    0
    cancelled: 0
    paths:     11 to 12
    rate:      2.0/s
    left:      1 min 15 s
    created:   2026-01-02 03:04:05Z
    $ csrctl batch get 7 --watch
    id:        7
    state:     done
    …
    `)
})

test('results are a line each, also of rows that have none', async () => {
  const problem = refusal('csr_not_made', 500, 'It could not be made.')
  const failed = { ...ready(1), state: 'failed', csr: undefined, problem }
  service.answers = {
    'GET /v1/batches/7': { body: batch() },
    'GET /v1/batches/7/results': { body: ndjson(ready(0, 'rack\u001b/1'), failed) },
  }
  await shell(`
    $ csrctl batch 7 --results
    11  ready  rack\\u{1b}/1  11  -
    12  failed  -  12  It could not be made.
    $ csrctl batch 7 --results --out out
    csrctl: '--results' prints and '--out' writes; give one of them.
    Run "csrctl batch get --help" to see what it takes.
    [2]
    `)
  const around = { environment: environment() }
  const { stdout } = await runHere(['batch', '7', '--results', '--watch', '--json'], around)
  const [first = '', second = '', ...rest] = stdout.split('\n')
  expect([JSON.parse(first), JSON.parse(second)]).toMatchObject([
    ready(0, 'rack\u001b/1'),
    problem && { problem },
  ])
  expect(rest).toEqual([''])
})

test('batches are listed, cancelled, retried and deleted', async () => {
  service.answers = {
    ...going(),
    'GET /v1/batches': { body: { batches: [batch()] } },
    'POST /v1/batches/7/cancel': { body: batch({ state: 'cancelled' }) },
    'POST /v1/batches/7/retry': { status: 409, body: refusal('batch_busy', 409) },
    'DELETE /v1/batches/7': { status: 204, body: '' },
  }
  await shell(`
    $ csrctl batch list
    ID  STATE  ROWS  READY  QUEUED  REJECTED  FAILED  CREATED
    7   done   2     2      0       0         0       2026-01-02 03:04:05Z
    $ csrctl batch cancel 7
    id:        7
    state:     cancelled
    …
    $ csrctl batch retry 7
    csrctl: It is batch_busy. Do something about it.
    [1]
    $ csrctl batch delete 7
    $ csrctl batch
    csrctl: missing required argument 'id'
    Run "csrctl batch get --help" to see what it takes.
    [2]
    $ csrctl batch lst
    csrctl: 'lst' is invalid for argument 'id'. It is a whole number from 1 on.
    Run "csrctl batch get --help" to see what it takes.
    [2]
    `)
})
