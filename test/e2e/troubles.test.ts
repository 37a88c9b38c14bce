/** What goes wrong at night, on real processes: each is on the overview and in its alert rule soon enough for thirty seconds. */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { OverviewView } from '@csr-foundry/native-api'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { dataOfEvents } from '@csr-foundry/testing/server-sent-events'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ruleOf } from './alert-rules.ts'
import { fillDisk } from './full-disk.ts'
import { jsonInit, type Service, startService } from './start-service.ts'

leakGuard()

/** Scrape, evaluation and `for` take up to 15 of the thirty seconds. */
const noticedWithin = 15_000

let service: Service
/** The ports of the API's and the supervisor's metrics. */
let ports: number[]
let told: OverviewView[] = []
const leave = new AbortController()

beforeAll(async () => {
  const environment = { METRICS_PORT: '0', WORKER_PROCESSES: '2', LOG_LEVEL: 'info' }
  service = await startService({ environment })
  // What the log has of the start can come after the word that it is over.
  ports = await vi.waitUntil(metricsPorts, { timeout: 10_000 })
  followOverview().catch((error) => {
    if (!leave.signal.aborted) throw error
  })
})
afterAll(async () => {
  leave.abort()
  await service?.[Symbol.asyncDispose]()
})

function metricsPorts(): number[] | undefined {
  const said = [...service.output().matchAll(/"port":(\d+),"msg":"serving metrics"/g)]
  return said.length === 2 ? said.map(([, port]) => Number(port)) : undefined
}

async function followOverview(): Promise<void> {
  const response = await service.call('/v1/ops/events', { signal: leave.signal })
  for await (const overview of dataOfEvents<OverviewView>(response, 'overview')) {
    told.push(overview)
  }
}

const scrape = async () => {
  const texts = ports.map(async (port) => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`)
    return await response.text()
  })
  return (await Promise.all(texts)).join('\n')
}

/** Waits until the overview tells of each, and its alert rule holds for what is scraped. */
async function noticed(codes: Record<string, string>, before: string): Promise<void> {
  told = []
  await expect
    .poll(
      async () => {
        const now = await scrape()
        return Object.entries(codes).filter(([code, alert]) => {
          const isTold = told.some(({ troubles }) => troubles.some((one) => one.code === code))
          return !isTold || !ruleOf(alert).holds(now, before)
        })
      },
      { timeout: noticedWithin, interval: 500 },
    )
    .toEqual([])
}

test('all is well at first', async () => {
  await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(0)
  expect(told.at(-1)?.troubles).toEqual([])
  const now = await scrape()
  const alerts = ['RedisStalled', 'RedisAway', 'WorkerSilent', 'WorkerDied', 'KeyProviderDown']
  for (const alert of alerts) expect(ruleOf(alert).holds(now, now), alert).toBe(false)
})

test('a disk that is full: what writes is a 503 of each dialect, reading works, and all goes on when there is room', async () => {
  const before = await scrape()
  const path = await service.create({})
  await expect.poll(async () => (await readPath(path)).status, { timeout: 10_000 }).toBe(200)
  const full = await fillDisk(service)
  try {
    await expect.poll(readiness, { timeout: 5_000 }).toMatchObject({
      ...{ status: 503, checks: { redis: true, writes: false } },
      reason: expect.stringContaining('Make room on its disk'),
    })
    expect(await answersOfWrites()).toEqual([
      ['/certificateSigningRequest', 503, '2', 'CSRF0502W'],
      ['/tls/certificate_signing_requests', 503, '2', 'unavailable'],
      ['/v1/requests', 503, '2', 'unavailable'],
    ])
    expect((await readPath(path)).status).toBe(200)
    const codes = { redis_refuses_writes: 'RedisRefusesWrites' }
    await noticed(codes, before)
    expect(told.flatMap(({ troubles }) => troubles.map(({ code }) => code))).not.toContain(
      'redis_away',
    )
    expect(ruleOf('RedisAway').holds(await scrape(), before)).toBe(false)
  } finally {
    await full[Symbol.asyncDispose]()
  }
  await expect.poll(readiness, { timeout: 5_000 }).toMatchObject({ status: 200, ready: true })
  const next = await service.create({})
  await expect.poll(async () => (await readPath(next)).status, { timeout: 40_000 }).toBe(200)
})

const readPath = (path: string) => service.call(`/v1/requests/${path}`)

async function readiness() {
  const response = await fetch(`${service.url}/readyz`)
  return { status: response.status, ...((await response.json()) as object) }
}

/** Each dialect's POST of a request: status, Retry-After, and the word that its body has for the error. */
async function answersOfWrites() {
  const attributes = { sans: ['a.example.com'], common_name: 'a.example.com' }
  const bodies = {
    '/certificateSigningRequest': {},
    '/tls/certificate_signing_requests': { data: { type: 'csr', attributes } },
    '/v1/requests': { subject: { commonName: 'a.example.com' } },
  }
  const answers = Object.entries(bodies).map(async ([url, body]) => {
    const response = await service.call(url, jsonInit('POST', body))
    const code = /CSRF\d{4}\w|unavailable/.exec(await response.text())?.[0]
    return [url, response.status, response.headers.get('retry-after'), code]
  })
  return await Promise.all(answers)
}

test('a worker that hangs, and a master key that is gone', async () => {
  const before = await scrape()
  const file = join(service.dataDir, 'keys/master.key')
  const [hanging = 0] = service.pids('worker/src/work.ts')
  process.kill(hanging, 'SIGSTOP')
  await rename(file, `${file}.away`)
  try {
    const codes = { worker_silent: 'WorkerSilent', key_provider_down: 'KeyProviderDown' }
    await noticed(codes, before)
  } finally {
    await rename(`${file}.away`, file)
  }
})

test('a worker that dies', async () => {
  const before = await scrape()
  const [stopped = 0] = service.pids('worker/src/work.ts')
  process.kill(stopped, 'SIGKILL')
  await noticed({ worker_died: 'WorkerDied' }, before)
})

test('a Redis that stalls for ten seconds, while it does and after', async () => {
  const before = await scrape()
  const [redis = 0] = service.pids('redis-server')
  process.kill(redis, 'SIGSTOP')
  const goesOn = delay(10_000).then(() => process.kill(redis, 'SIGCONT'))
  try {
    await noticed({ redis_away: 'RedisAway', redis_stalled: 'RedisStalled' }, before)
  } finally {
    await goesOn
  }
  await noticed({ redis_stalled: 'RedisStalled' }, before)
})
