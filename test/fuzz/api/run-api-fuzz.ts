import { readFileSync } from 'node:fs'
import { startRedis } from '@csr-foundry/testing'
import { lookInto } from '../../e2e/look.ts'
import { authorization, type Service, startService } from '../../e2e/start-service.ts'
import { nothing, thingsFor } from '../../endpoints/callers.ts'
import type { Things } from '../../endpoints/endpoints.ts'
import { type ApiFault, fuzzApi } from './fuzz-api.ts'

export type ApiFuzzReport = {
  readonly faults: readonly ApiFault[]
  /** How often each status was given; 0 is a connection closed without a word. */
  readonly statuses: ReadonlyMap<number, number>
  /** By how much the API's resident memory has grown since it was warm, in MiB. */
  readonly growthMiB: number
  /** What was wrong with the service after all calls; empty when it is well. */
  readonly ailments: readonly string[]
}

/** The slow lane would be busy for hours with the RSA keys of calls that happen to be good. */
const environment = { WRITES_PER_MINUTE: '0', WORKER_PROCESSES: '1', LOG_LEVEL: 'warn' }

/** Starts the whole service, fuzzes it, and looks whether it has come through it. */
export async function runApiFuzz(
  { count, seed }: { count: number; seed: number },
  progress: (done: number) => void = () => {},
): Promise<ApiFuzzReport> {
  await using server = await startRedis()
  await using service = await startService({
    environment: { ...environment, REDIS_URL: server.url },
  })
  await using redis = await lookInto(server.url)
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
  const run = { url: service.url, things, authorization }
  const before = service.pids('').toSorted()
  const warmUp = await fuzzApi({ ...run, count: Math.ceil(count / 4), seed: seed + 1 })
  const warm = residentMiB(service)
  const { faults, statuses } = await fuzzApi({ ...run, count, seed }, progress)
  const growthMiB = residentMiB(service) - warm
  const ailments = await ailmentsOf(service, before)
  return { faults: [...warmUp.faults, ...faults], statuses, growthMiB, ailments }
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
