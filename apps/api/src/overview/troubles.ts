/**
 * What is amiss, by the numbers of an overview: one function for each code. The alert rules in deploy/prometheus have the same
 * limits; each has an entry in docs/runbook.md.
 */
import type { TroubleCode, TroubleView } from '@csr-foundry/native-api'
import type { LaneOverview, Overview } from '@csr-foundry/records'
import { writeRefusals } from '../write-refusals.ts'
import type { RedisHealth } from './redis-probe.ts'

/** A worker process that says nothing for longer (ms) hangs, or its machine is gone. */
export const silentAfter = 10_000
/** A death is told of for this long (ms). */
const deathToldFor = 300_000
/** No lot takes a worker longer (ms). */
const longestWork = 20_000
/** So long (ms) a request that is of no batch waits at the most, where there are enough workers. */
const longestWait = { fast: 10_000, slow: 60_000 } as const
const highMemory = 0.8
const risingFailures = 10

type Found = Omit<TroubleView, 'code' | 'runbook'>
type Look = (overview: Overview, health: RedisHealth) => readonly Found[]

const looks: Readonly<Record<TroubleCode, Look>> = {
  redis_away: (_, { reachable, latencyMs }) =>
    reachable ? [] : [critical(`Redis has not answered for ${seconds(latencyMs)}.`)],
  redis_stalled: (_, { longestStallMs }) =>
    longestStallMs === 0
      ? []
      : [critical(`Within the last five minutes Redis took ${seconds(longestStallMs)} to answer.`)],
  redis_refuses_writes: (_, { refusal }) =>
    refusal === undefined ? [] : [critical(writeRefusals[refusal])],
  redis_memory_high: ({ server: { usedMemory, maxMemory } }) =>
    maxMemory === 0 || usedMemory < highMemory * maxMemory
      ? []
      : [
          critical(
            `Redis has filled ${Math.floor((usedMemory * 100) / maxMemory)} % of its memory: nothing new is taken in.`,
          ),
        ],
  redis_not_persisting: ({ server }) => {
    if (!server.aofEnabled) return [critical('The append-only file is off: a restart loses all.')]
    if (!server.aofLastWriteOk) return [critical('The last write of the append-only file failed.')]
    if (server.aofLastRewriteOk) return []
    return [warning('The last rewrite of the append-only file failed: it grows.')]
  },
  no_workers: ({ workers }) =>
    workers.some(({ silentMs, draining }) => silentMs < silentAfter && !draining)
      ? []
      : [critical('No worker process takes lots.')],
  worker_silent: ({ workers }) =>
    workers
      .filter(({ silentMs }) => silentMs >= silentAfter)
      .map(({ id, silentMs }) => critical(`It has said nothing for ${seconds(silentMs)}.`, id)),
  worker_died: ({ deadWorkers }) =>
    deadWorkers
      .filter(({ diedMs }) => diedMs < deathToldFor)
      .map(({ id, diedMs }) => warning(`It died ${seconds(diedMs)} ago.`, id)),
  lot_hangs: ({ workers }) =>
    workers
      .filter(({ oldestLotMs }) => oldestLotMs >= longestWork)
      .map(({ id, oldestLotMs }) =>
        critical(`It has worked on one lot for ${seconds(oldestLotMs)}.`, id),
      ),
  key_provider_down: ({ supervisors }) =>
    supervisors
      .filter(({ keyProvider }) => keyProvider !== 'ok')
      .map(({ id, keyProvider }) =>
        critical(`The master key is not to be had there: ${keyProvider}.`, id),
      ),
  queue_wait_long: ({ lanes }) => lanes.flatMap(longWait),
  failures_rising: ({ rates: { readyPerSecond, failedPerMinute } }) =>
    failedPerMinute < risingFailures || failedPerMinute < readyPerSecond * 6
      ? []
      : [critical(`${Math.round(failedPerMinute)} requests fail in a minute.`)],
  dead_lots: ({ deadLots }) =>
    deadLots === 0 ? [] : [warning(`${deadLots} lots were set aside: each killed two workers.`)],
}

/** All that is amiss, in the order of their weight. */
export function findTroubles(overview: Overview, health: RedisHealth): TroubleView[] {
  const found = Object.entries(looks).flatMap(([code, look]) =>
    look(overview, health).map((one) => troubleOf(code as TroubleCode, one)),
  )
  return found.toSorted((one, other) => weight(one) - weight(other))
}

const weight = ({ severity }: TroubleView) => (severity === 'critical' ? 0 : 1)

const troubleOf = (code: TroubleCode, found: Found): TroubleView => ({
  code,
  ...found,
  runbook: `docs/runbook.md#${code.replaceAll('_', '-')}`,
})

function longWait({ lane, paused, oldestSingleMs = 0 }: LaneOverview): Found[] {
  if (oldestSingleMs < longestWait[lane]) return []
  const why = paused ? ' The lane is paused.' : ''
  return [warning(`A request of no batch has waited for ${seconds(oldestSingleMs)}.${why}`, lane)]
}

const critical = (detail: string, about?: string): Found => ({
  severity: 'critical',
  ...(about !== undefined && { about }),
  detail,
})

const warning = (detail: string, about?: string): Found => ({
  ...critical(detail, about),
  severity: 'warning',
})

const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`
