/** What operators see of the whole installation: numbers, ids and codes only, never a subject, a CSR or a name. */
import { z } from 'zod'
import { limitOf, moment } from './fields.ts'

const count = z.int().min(0)
const milliseconds = z.number().min(0)

export const laneName = z.enum(['fast', 'slow'], 'must be fast or slow')
export type LaneName = z.output<typeof laneName>

/** Milliseconds below which half, 95 and 99 of 100 requests were. */
export const percentilesView = z.object({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
export type PercentilesView = z.output<typeof percentilesView>

/** Everything that can be amiss; each has an entry in the runbook, whose anchor is the code with dashes. */
export const troubleCodes = [
  'redis_away',
  'redis_stalled',
  'redis_refuses_writes',
  'redis_memory_high',
  'redis_not_persisting',
  'no_workers',
  'worker_silent',
  'worker_died',
  'lot_hangs',
  'key_provider_down',
  'queue_wait_long',
  'failures_rising',
  'dead_lots',
] as const
export type TroubleCode = (typeof troubleCodes)[number]

/** Something that is amiss now, or was in the last minutes. `about`: the worker or the lane; `detail`: a sentence with the numbers. */
export const troubleView = z.object({
  code: z.enum(troubleCodes),
  severity: z.enum(['warning', 'critical']),
  about: z.string().optional(),
  detail: z.string(),
  runbook: z.string().describe('The page of the runbook that says what to do.'),
})
export type TroubleView = z.output<typeof troubleView>

/** A lane in all shards. `wait` and `work` are of the requests that ended in the last five minutes; absent where none did. */
export const laneOverview = z.object({
  lane: laneName,
  paused: z.boolean(),
  waitingLots: count,
  activeLots: count,
  delayedLots: count.describe('Lots that are tried again after a rest.'),
  oldestWaitingMs: milliseconds.optional(),
  oldestSingleMs: milliseconds.optional().describe('Of those that are of no batch: they go first.'),
  wait: percentilesView.optional(),
  work: percentilesView.optional(),
})
export type LaneOverview = z.output<typeof laneOverview>

/** `latencyMs`: how long its last answer took, or has been awaited; `worstLatencyMs`: the longest of the last minute. */
export const redisOverview = z.object({
  reachable: z.boolean(),
  latencyMs: milliseconds,
  worstLatencyMs: milliseconds,
  usedMemory: count.optional().describe('Bytes.'),
  maxMemory: count.optional().describe('Bytes; 0: no limit.'),
  aofEnabled: z.boolean().optional(),
  aofLastWriteOk: z.boolean().optional(),
  aofLastRewriteOk: z.boolean().optional(),
  aofRewriting: z.boolean().optional(),
  lastSaveOk: z.boolean().optional(),
  uptimeSeconds: count.optional(),
})
export type RedisOverview = z.output<typeof redisOverview>

/** A worker process. `lots`: those that it works on now; `concurrency`: how many it may, by lane. */
export const workerOverview = z.object({
  id: z.string(),
  host: z.string(),
  pid: count,
  version: z.string(),
  lots: count,
  concurrency: z.object({ fast: count, slow: count }),
  draining: z.boolean(),
  lastSeen: moment,
  silent: z.boolean().describe('It has not been heard of for too long.'),
  oldestLotMs: milliseconds.describe('How long the oldest of its lots has been worked on.'),
  eventLoopDelayMs: milliseconds.describe('The longest of the last seconds.'),
})
export type WorkerOverview = z.output<typeof workerOverview>

/** GET /v1/ops/overview, and each event `overview` of GET /v1/ops/events. While Redis is away it is the last one known, with what is amiss. */
export const overviewView = z.object({
  at: moment,
  troubles: z.array(troubleView),
  requests: z.object({ queued: count, failed: count }).describe('Of all tenants.'),
  rates: z.object({
    readyPerSecond: z.number().min(0),
    failedPerMinute: z.number().min(0),
  }),
  lanes: z.array(laneOverview),
  deadLots: count,
  redis: redisOverview,
  workers: z.array(workerOverview),
})
export type OverviewView = z.output<typeof overviewView>

/** GET /v1/ops/events: so many events, then the stream ends; who follows on connects again, as an EventSource does by itself. */
export const overviewEventsQuery = z.strictObject({ count: limitOf(1_000, 1_000) })

export const figuresRange = z.enum(['hour', 'day'], 'must be hour or day')
export type FiguresRange = z.output<typeof figuresRange>

export const figuresQuery = z.strictObject({ range: figuresRange.default('hour') })

/** What ended in one step of time; `waitingLots` and `oldestWaitingMs` are the largest that were seen. */
export const lanePoint = z.object({
  ready: count,
  failed: count,
  wait: percentilesView.optional(),
  work: percentilesView.optional(),
  waitingLots: count.optional(),
  oldestWaitingMs: milliseconds.optional(),
})
export type LanePoint = z.output<typeof lanePoint>

/** A step of time; `at` is its beginning. The last one has not ended yet. */
export const figuresPoint = z.object({
  at: moment,
  lanes: z.object({ fast: lanePoint, slow: lanePoint }),
  usedMemory: count.optional().describe('Of Redis, in bytes.'),
  workers: count.optional(),
  busyWorkers: count.optional(),
})
export type FiguresPoint = z.output<typeof figuresPoint>

/** GET /v1/ops/figures: every step of the range, also those in which nothing was done. */
export const figuresView = z.object({
  range: figuresRange,
  stepSeconds: count,
  points: z.array(figuresPoint),
  failures: z.array(z.object({ code: z.string(), count })).describe('In this range, by code.'),
})
export type FiguresView = z.output<typeof figuresView>
