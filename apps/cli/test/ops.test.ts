import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal, type ScriptedService, startScriptedService } from './scripted-service.ts'
import { playHere } from './session.ts'

let service: ScriptedService
beforeAll(async () => {
  service = await startScriptedService()
})
afterAll(() => service[Symbol.asyncDispose]())

const environment = () => ({ CSRCTL_URL: service.url, CSRCTL_TOKEN: 'a-token' })
const shell = (session: string) => playHere(session, environment())

const percentiles = { p50: 3, p95: 42.4, p99: 1_234 }
const lane = { paused: false, waitingLots: 0, activeLots: 0, delayedLots: 0 }
const worker = {
  ...{ id: 'host-1:4711', host: 'host-1', pid: 4711, version: '0.1.0', lots: 3, draining: false },
  ...{ concurrency: { fast: 4, slow: 1 }, lastSeen: '2026-01-02T03:04:05.678Z', silent: false },
  ...{ oldestLotMs: 812, eventLoopDelayMs: 2 },
}
const overview = {
  ...{ at: '2026-01-02T03:04:06.000Z', requests: { queued: 12_345, failed: 2 }, deadLots: 1 },
  troubles: [
    {
      ...{ code: 'queue_wait_long', severity: 'warning', about: 'slow' },
      ...{ detail: 'The oldest lot has waited 125 s.', runbook: '/docs' },
    },
  ],
  rates: { readyPerSecond: 41.25, failedPerMinute: 0 },
  lanes: [
    { lane: 'fast', ...lane, wait: percentiles, work: { ...percentiles, p95: 2.25 } },
    { lane: 'slow', ...lane, paused: true, waitingLots: 1_250, oldestWaitingMs: 125_000 },
  ],
  redis: { reachable: true, latencyMs: 0.42, worstLatencyMs: 9, usedMemory: 21e7, maxMemory: 1e9 },
  workers: [worker, { ...worker, id: 'host-2:17', lots: 0, draining: true }],
}

test('the overview says what is amiss, what waits and what is done', async () => {
  service.answers = { 'GET /v1/ops/overview': { body: overview } }
  await shell(`
    $ csrctl ops overview
    troubles:        1
    queued:          12,345
    failed:          2
    ready a second:  41.3
    failed a minute: 0.0
    dead lots:       1
    workers:         2, 1 of them drained
    redis:           answers within 0.4 ms, 210.0 MB of 1.0 GB
    SEVERITY  TROUBLE          ABOUT  WHAT
    warning   queue_wait_long  slow   The oldest lot has waited 125 s.
    LANE  PAUSED  WAITING  ACTIVE  OLDEST     WAIT   WORK
    fast  no      0        0       -          42 ms  2.3 ms
    slow  yes     1,250    0       2 min 5 s  -      -
    $ csrctl ops lanes
    LANE  PAUSED  WAITING  ACTIVE  OLDEST     WAIT   WORK
    fast  no      0        0       -          42 ms  2.3 ms
    slow  yes     1,250    0       2 min 5 s  -      -
    $ csrctl ops workers
    ID           DRAINING  LOTS  OLDEST  FAST  SLOW  LAST SEEN             VERSION
    host-1:4711  no        3     812 ms  4     1     2026-01-02 03:04:05Z  0.1.0
    host-2:17    yes       0     -       4     1     2026-01-02 03:04:05Z  0.1.0
    `)
})

test('lanes are paused and resumed by their names', async () => {
  service.answers = {
    'POST /v1/ops/lanes/slow/pause': { body: { lane: 'slow', paused: true } },
    'POST /v1/ops/lanes/slow/resume': { body: { lane: 'slow', paused: false } },
  }
  await shell(`
    $ csrctl ops pause slow
    lane:   slow
    paused: yes
    $ csrctl ops resume slow --json
    {
      "lane": "slow",
      "paused": false
    }
    $ csrctl ops pause medium
    csrctl: 'medium' is invalid for argument 'lane'. Allowed choices are fast, slow.
    Run "csrctl ops pause --help" to see what it takes.
    [2]
    `)
})

test('workers are drained and sent back to work, and what they take at once is set', async () => {
  const told = { id: 'host-1:4711', draining: true, concurrency: {} }
  service.bodies.length = 0
  service.answers = {
    'POST /v1/ops/workers/host-1%3A4711/drain': { body: told },
    'POST /v1/ops/workers/host-1%3A4711/resume': { body: { ...told, draining: false } },
    'POST /v1/ops/workers/gone%3A1/drain': {
      ...{ status: 404, body: refusal('worker_not_found', 404, 'There is no worker gone:1 now.') },
    },
    'PATCH /v1/ops/workers/host-1%3A4711/concurrency': {
      body: { ...told, concurrency: { slow: 2 } },
    },
    'GET /v1/ops/concurrency': { body: { fast: 8 } },
    'PATCH /v1/ops/concurrency': { body: { slow: 2 } },
  }
  await shell(`
    $ csrctl ops drain host-1:4711
    ID           DRAINING
    host-1:4711  yes
    $ csrctl ops undrain host-1:4711
    ID           DRAINING
    host-1:4711  no
    $ csrctl ops drain gone:1
    csrctl: There is no worker gone:1 now. Do something about it.
    [1]
    $ csrctl ops concurrency
    fast: 8
    slow: as each machine has chosen
    $ csrctl ops concurrency --fast none --slow 2
    fast: as each machine has chosen
    slow: 2
    $ csrctl ops concurrency --worker host-1:4711 --slow 2
    fast: as set for all
    slow: 2
    $ csrctl ops concurrency --worker host-1:4711
    csrctl: nothing to set is given.
    Run "csrctl ops concurrency --help" to see what it takes.
    [2]
    `)
  expect(service.bodies).toEqual([{ fast: null, slow: 2 }, { slow: 2 }])
})

test('failures and dead lots are shown and tried again, to the last of them', async () => {
  const dead = {
    ...{ id: '0-17', lane: 'slow', tenant: 'acme', path: '42', starts: 2 },
    ...{ created: '2026-01-02T03:04:05.678Z', died: '2026-01-02T03:05:05.678Z' },
  }
  service.bodies.length = 0
  service.answers = {
    'GET /v1/ops/failures': {
      body: {
        ...{ failed: 5_000, looked: 2_048 },
        groups: [
          {
            ...{ code: 'csr_not_made', count: 2_048 },
            tenants: [
              { tenant: 'acme', count: 2_046, newest: ['9', '8', '7', '6'] },
              { tenant: 'default', count: 2, newest: ['4', '2'] },
            ],
          },
        ],
      },
    },
    'POST /v1/ops/failures/retry': [
      { status: 202, body: { retried: 2_000, next: 'on' } },
      { status: 202, body: { retried: 46 } },
    ],
    'GET /v1/ops/dead-lots': { body: { deadLots: [dead] } },
    'POST /v1/ops/dead-lots/0-17/retry': { status: 202, body: { tenant: 'acme', path: '42' } },
  }
  await shell(`
    $ csrctl ops failures
    CODE          TENANT   COUNT  NEWEST
    csr_not_made  acme     2,046  9,8,7,…
    csr_not_made  default  2      4,2
    csrctl: Of 5,000 failed requests these are the newest 2,048.
    $ csrctl ops retry csr_not_made --tenant acme
    code:    csr_not_made
    retried: 2046
    $ csrctl ops retry all
    csrctl: 'all' is invalid for argument 'code'. It is a code, as csrctl ops failures shows it.
    Run "csrctl ops retry --help" to see what it takes.
    [2]
    $ csrctl ops dead
    ID    LANE  TENANT  PATH  STARTS  DIED
    0-17  slow  acme    42    2       2026-01-02 03:05:05Z
    $ csrctl ops dead --retry 0-17
    ID    TENANT  PATH
    0-17  acme    42
    `)
  const which = { code: 'csr_not_made', tenant: 'acme' }
  expect(service.bodies).toEqual([which, { ...which, cursor: 'on' }])
})
