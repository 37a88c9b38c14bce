import type { OverviewView, TroubleView } from '@csr-foundry/native-api'
import type { LaneOverview, Overview, Percentiles, SeenWorker } from '@csr-foundry/records'
import type { RedisHealth } from './redis-probe.ts'
import { silentAfter } from './troubles.ts'

export function overviewView(
  overview: Overview,
  health: RedisHealth,
  troubles: TroubleView[],
): OverviewView {
  const { at, requests, rates, lanes, deadLots, server, workers } = overview
  const { reachable, latencyMs, worstLatencyMs } = health
  return {
    at: new Date(at).toISOString(),
    troubles,
    ...{ requests, rates, deadLots },
    lanes: lanes.map(laneView),
    redis: {
      ...{ reachable, latencyMs: tenths(latencyMs), worstLatencyMs: tenths(worstLatencyMs) },
      ...server,
    },
    workers: workers.map(workerView),
  }
}

function laneView({ wait, work, ...lane }: LaneOverview): OverviewView['lanes'][number] {
  return {
    ...lane,
    ...(wait && { wait: percentilesView(wait) }),
    ...(work && { work: percentilesView(work) }),
  }
}

export const percentilesView = ({ p50, p95, p99 }: Percentiles) => ({
  p50: tenths(p50),
  p95: tenths(p95),
  p99: tenths(p99),
})

function workerView({ lastSeen, silentMs, ...worker }: SeenWorker) {
  const seen = { lastSeen: new Date(lastSeen).toISOString(), silent: silentMs >= silentAfter }
  return { ...worker, ...seen }
}

const tenths = (ms: number) => Math.round(ms * 10) / 10
