/** What the whole installation has done and is doing, as every API process tells it: the same from each, so take the largest. */
import type { LaneTotals, Overview } from '@csr-foundry/records'
import type { MetricSnapshot, MetricValue } from '@csr-foundry/service'
import type { RedisHealth } from '../overview/redis-probe.ts'
import { silentAfter } from '../overview/troubles.ts'
import { requestHistogramNames, requestHistograms } from './request-histograms.ts'

/** `overview` and `totals` are undefined while Redis is away. */
export type InstallationFacts = {
  readonly health: RedisHealth
  readonly overview: Overview | undefined
  readonly totals: readonly LaneTotals[] | undefined
}

type Values = readonly MetricValue[]
type Source = {
  readonly type: 'gauge' | 'counter'
  readonly help: string
  readonly values: (facts: InstallationFacts) => Values
}

const one = (value: number, labels = {}): MetricValue => ({ labels, value })
const truth = (value: boolean): Values => [one(value ? 1 : 0)]

const ofOverview =
  (values: (overview: Overview) => Values) =>
  ({ overview }: InstallationFacts): Values =>
    overview ? values(overview) : []

/** Lanes are told of one by one, shards together. */
const ofTotals =
  (counts: (totals: LaneTotals) => Values) =>
  ({ totals = [] }: InstallationFacts): Values => {
    const all = totals.flatMap((own) =>
      counts(own).map(({ value, labels }) => one(value, { lane: own.lane, ...labels })),
    )
    const sums = Map.groupBy(all, ({ labels }) => JSON.stringify(labels))
    return [...sums.values()].map((alike) =>
      one(
        alike.reduce((sum, { value }) => sum + value, 0),
        alike[0]?.labels,
      ),
    )
  }

const ofLanes = (value: (lane: Overview['lanes'][number]) => number) =>
  ofOverview(({ lanes }) => lanes.map((lane) => one(value(lane), { lane: lane.lane })))

const gauge = (help: string, values: Source['values']): Source => ({ type: 'gauge', help, values })
const counter = (help: string, counts: (totals: LaneTotals) => Values): Source => ({
  ...{ type: 'counter', help, values: ofTotals(counts) },
})

/** From nothing: how a counter rises is seen only where it was there before. */
const neverYet = new Map([
  ['csr_not_made', 0],
  ['worker_died', 0],
])

const byLabel = (label: string, counts: ReadonlyMap<string, number>): Values =>
  [...counts].map(([value, count]) => one(count, { [label]: value }))

const sources: Readonly<Record<string, Source>> = {
  csr_foundry_redis_up: gauge('Whether Redis answers this process.', ({ health }) =>
    truth(health.reachable),
  ),
  csr_foundry_redis_takes_writes: gauge(
    'Whether Redis takes what writes, by its last answer.',
    ({ health }) => truth(health.refusal === undefined),
  ),
  csr_foundry_redis_latency_seconds: gauge(
    'How long the last answer of Redis took, or has been awaited.',
    ({ health }) => [one(health.latencyMs / 1_000)],
  ),
  csr_foundry_redis_worst_latency_seconds: gauge(
    'The longest of the last minute.',
    ({ health }) => [one(health.worstLatencyMs / 1_000)],
  ),
  csr_foundry_redis_memory_used_bytes: gauge(
    'Memory that counts against the limit.',
    ofOverview(({ server }) => [one(server.usedMemory)]),
  ),
  csr_foundry_redis_memory_max_bytes: gauge(
    'The limit; 0: none.',
    ofOverview(({ server }) => [one(server.maxMemory)]),
  ),
  csr_foundry_redis_aof_enabled: gauge(
    'Whether the append-only file is on.',
    ofOverview(({ server }) => truth(server.aofEnabled)),
  ),
  csr_foundry_redis_aof_last_write_ok: gauge(
    'Whether the last write of the append-only file succeeded.',
    ofOverview(({ server }) => truth(server.aofLastWriteOk)),
  ),
  csr_foundry_redis_aof_last_rewrite_ok: gauge(
    'Whether the last rewrite of the append-only file succeeded.',
    ofOverview(({ server }) => truth(server.aofLastRewriteOk)),
  ),
  csr_foundry_redis_uptime_seconds: gauge(
    'Since when Redis runs.',
    ofOverview(({ server }) => [one(server.uptimeSeconds)]),
  ),
  csr_foundry_requests_queued: gauge(
    'Requests of all tenants that are queued.',
    ofOverview(({ requests }) => [one(requests.queued)]),
  ),
  csr_foundry_requests_failed: gauge(
    'Requests of all tenants that have failed and are there.',
    ofOverview(({ requests }) => [one(requests.failed)]),
  ),
  csr_foundry_dead_lots: gauge(
    'Lots that were set aside.',
    ofOverview(({ deadLots }) => [one(deadLots)]),
  ),
  csr_foundry_workers: gauge(
    'Worker processes, by what they do.',
    ofOverview(({ workers }) => workersByState(workers)),
  ),
  csr_foundry_lane_paused: gauge(
    'Whether a lane is paused.',
    ofLanes(({ paused }) => (paused ? 1 : 0)),
  ),
  csr_foundry_lane_waiting_lots: gauge(
    'Lots that wait in a lane.',
    ofLanes(({ waitingLots }) => waitingLots),
  ),
  csr_foundry_lane_active_lots: gauge(
    'Lots that are worked on.',
    ofLanes(({ activeLots }) => activeLots),
  ),
  csr_foundry_lane_delayed_lots: gauge(
    'Lots that are tried again after a rest.',
    ofLanes(({ delayedLots }) => delayedLots),
  ),
  csr_foundry_lane_oldest_waiting_seconds: gauge(
    'How long the oldest lot that waits does.',
    ofLanes(({ oldestWaitingMs = 0 }) => oldestWaitingMs / 1_000),
  ),
  csr_foundry_lane_oldest_single_seconds: gauge(
    'The same of those that are of no batch.',
    ofLanes(({ oldestSingleMs = 0 }) => oldestSingleMs / 1_000),
  ),
  csr_foundry_lots_total: counter('Lots that have ended.', ({ lots }) => [one(lots)]),
  csr_foundry_lots_stalled_total: counter('Lots whose worker died.', ({ stalls }) => [one(stalls)]),
  csr_foundry_lots_swept_total: counter(
    'Lots without a job that the sweep queued again.',
    ({ swept }) => [one(swept)],
  ),
  csr_foundry_lots_given_back_total: counter(
    'Lots that a worker let go of: wait, something is away; apart, something went wrong; drain, it left.',
    ({ givenBack }) => byLabel('reason', givenBack),
  ),
  csr_foundry_requests_failed_total: counter('Requests that failed, by code.', ({ failed }) =>
    byLabel('code', new Map([...neverYet, ...failed])),
  ),
}

function workersByState(workers: Overview['workers']): Values {
  const stateOf = ({ silentMs, draining }: Overview['workers'][number]) => {
    if (silentMs >= silentAfter) return 'silent'
    return draining ? 'draining' : 'taking'
  }
  return ['taking', 'draining', 'silent'].map((state) =>
    one(workers.filter((worker) => stateOf(worker) === state).length, { state }),
  )
}

/** Names of all of them. */
export const installationMetricNames = [...Object.keys(sources), ...requestHistogramNames]

export function installationSnapshots(facts: InstallationFacts): MetricSnapshot[] {
  const plain = Object.entries(sources).map(
    ([name, { type, help, values }]): MetricSnapshot => ({
      ...{ name, help, type, values: values(facts), aggregator: 'sum' },
    }),
  )
  return [...plain, ...requestHistograms(facts.totals ?? [])]
}
