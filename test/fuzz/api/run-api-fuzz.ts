import { readFileSync } from 'node:fs'
import { startRedis } from '@csr-foundry/testing'
import type { Redis } from 'ioredis'
import { lookInto } from '../../e2e/look.ts'
import {
  authorization,
  jsonInit,
  password,
  type Service,
  startService,
} from '../../e2e/start-service.ts'
import { nothing, thingsFor } from '../../endpoints/callers.ts'
import type { Things } from '../../endpoints/endpoint.ts'
import type { Header } from './calls.ts'
import { type ApiFault, fuzzApi } from './fuzz-api.ts'

export type ApiFuzzReport = {
  readonly faults: readonly ApiFault[]
  /** How often each answer was given: its status and its code, or that the connection was closed without a word. */
  readonly answers: ReadonlyMap<string, number>
  /** By how much the peak of the API's resident memory was higher in the second half than in the first, in MiB. */
  readonly growthMiB: number
  /** What was wrong with the service after all calls; empty when it is well. */
  readonly ailments: readonly string[]
}

/** The slow lane would be busy for hours with the RSA keys of calls that happen to be good. */
const unlimited = { WRITES_PER_MINUTE: '0', TENANT_WRITES_PER_MINUTE: '0' }
const environment = { ...unlimited, WORKER_PROCESSES: '1', LOG_LEVEL: 'warn' }

type Size = { readonly count: number; readonly seed: number }

/** Starts the whole service and fuzzes it. */
export async function runApiFuzz(
  size: Size,
  progress?: (done: number) => void,
): Promise<ApiFuzzReport> {
  await using server = await startRedis()
  await using service = await startService({
    environment: { ...environment, REDIS_URL: server.url },
  })
  await using redis = await lookInto(server.url)
  return await fuzzService(service, redis, size, progress)
}

/** Fuzzes a service, of which little may be left then, and looks whether it has come through it. */
export async function fuzzService(
  service: Service,
  redis: Redis,
  { count, seed }: Size,
  progress: (done: number) => void = () => {},
): Promise<ApiFuzzReport> {
  const things: Things = {
    ...nothing(),
    ...Object.fromEntries(
      await Promise.all(
        (['request', 'failedRequest', 'keptKey', 'user', 'token', 'tenant'] as const).map(
          async (about) => [about, (await thingsFor({ about }, service, redis))[about]],
        ),
      ),
    ),
  }
  const run = { url: service.url, things, callers: await callersOf(service) }
  const before = service.pids('').toSorted()
  const peaks = [0, 0]
  const { faults, answers } = await fuzzApi({ ...run, count, seed }, (done) => {
    progress(done)
    if (done % 100 > 0) return
    const half = done > count / 2 ? 1 : 0
    peaks[half] = Math.max(peaks[half] ?? 0, residentMiB(service))
  })
  const [firstPeak = 0, secondPeak = 0] = peaks
  const ailments = await ailmentsOf(service, before)
  return { faults, answers, growthMiB: secondPeak - firstPeak, ailments }
}

/** The administrator most of all, since he gets furthest; his session, and somebody unknown. */
async function callersOf(service: Service): Promise<Header[][]> {
  const init = jsonInit('POST', { UserId: 'admin', password })
  const login = await fetch(`${service.url}/sessions`, init)
  const cookie = login.headers.getSetCookie().map((one) => one.split(';')[0])
  const csrf = /csrf=([^;]*)/.exec(cookie.join('; '))?.[1] ?? ''
  const administrator: Header[] = [['authorization', authorization]]
  const session: Header[] = [
    ['cookie', cookie.join('; ')],
    ['x-csrf-token', csrf],
  ]
  return [...Array.from({ length: 6 }, () => administrator), session, []]
}

async function ailmentsOf(service: Service, before: readonly number[]): Promise<string[]> {
  const after = service.pids('').toSorted()
  const dead = before.filter((pid) => !after.includes(pid))
  const ready = await service.call('/readyz')
  return [
    ...dead.map((pid) => `the process ${pid} is dead`),
    ...(ready.status === 200 ? [] : [`/readyz answers ${ready.status}: ${await ready.text()}`]),
    ...(/"msg":"call failed"/.exec(service.output()) ?? []),
  ]
}

function residentMiB(service: Service): number {
  const [pid] = service.pids('apps/api/src/main.ts')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
}
