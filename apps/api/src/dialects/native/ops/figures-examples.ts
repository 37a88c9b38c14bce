/** What the OpenAPI document shows of the overview and the figures. */
import type { FiguresView, OverviewView } from '@csr-foundry/native-api'

const at = '2030-01-31T12:00:02.371Z'
const lane = { paused: false, waitingLots: 0, activeLots: 0, delayedLots: 0 }

export const overview = {
  at,
  troubles: [
    {
      ...{ code: 'worker_died', severity: 'warning', about: 'host-1:4711' },
      ...{ detail: 'It died 12 s ago.', runbook: 'docs/runbook.md#worker-died' },
    },
  ],
  requests: { queued: 1_920, failed: 3 },
  rates: { readyPerSecond: 812.4, failedPerMinute: 0 },
  lanes: [
    {
      ...{ ...lane, lane: 'fast', waitingLots: 15, activeLots: 8, oldestWaitingMs: 1_250 },
      wait: { p50: 640.1, p95: 1_180.5, p99: 1_320 },
      work: { p50: 0.8, p95: 1.6, p99: 1.9 },
    },
    { ...lane, lane: 'slow' },
  ],
  deadLots: 0,
  redis: {
    ...{ reachable: true, latencyMs: 0.3, worstLatencyMs: 4.1, uptimeSeconds: 86_400 },
    ...{ usedMemory: 104_857_600, maxMemory: 1_073_741_824, aofEnabled: true },
    ...{ aofLastWriteOk: true, aofLastRewriteOk: true, aofRewriting: false, lastSaveOk: true },
  },
  workers: [
    {
      ...{ id: 'host-1:4712', host: 'host-1', pid: 4_712, version: '0.1.0', lots: 4 },
      ...{ concurrency: { fast: 4, slow: 1 }, draining: false, lastSeen: at, silent: false },
      ...{ oldestLotMs: 41, eventLoopDelayMs: 22.5 },
    },
  ],
} satisfies OverviewView

export const figures = {
  range: 'hour',
  stepSeconds: 60,
  points: [
    {
      at: '2030-01-31T12:00:00.000Z',
      lanes: {
        fast: {
          ...{ ready: 48_744, failed: 0, waitingLots: 15, oldestWaitingMs: 1_250 },
          wait: { p50: 640.1, p95: 1_180.5, p99: 1_320 },
          work: { p50: 0.8, p95: 1.6, p99: 1.9 },
        },
        slow: { ready: 0, failed: 0 },
      },
      ...{ usedMemory: 104_857_600, workers: 2, busyWorkers: 2 },
    },
  ],
  failures: [],
} satisfies FiguresView
