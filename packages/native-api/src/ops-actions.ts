/** What operators do: to lanes, to worker processes, to what has failed. Ids and codes only, as in what they see. */
import { type ErrorCode, errorKinds } from '@csr-foundry/service/errors'
import { z } from 'zod'
import { tenantName } from './accounts.ts'
import { cursor, idSchema, limitOf, moment } from './fields.ts'
import { laneName } from './ops.ts'

const count = z.int().min(0)
const codes = Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]

/** The answer of POST /v1/ops/lanes/{lane}/pause and …/resume. */
export const laneState = z.object({ lane: laneName, paused: z.boolean() }).meta({ id: 'LaneState' })
export type LaneState = z.output<typeof laneState>

/** A worker process, as the overview names it: its host and its process id there. */
export const workerId = z
  .string('must be a string')
  .regex(/^[\w.-]{1,253}:\d{1,10}$/, 'must be the id of a worker, as the overview shows it')
  .meta({ examples: ['host-1:4711'] })

const mostLots = 64
const lotsAtOnce = z
  .int('must be a whole number')
  .min(1, 'must be at least 1; drain a worker that is to take none')
  .max(mostLots, `must be at most ${mostLots}`)

/**
 * How many lots of each lane a worker process works on at the same time, of each shard. A lane that is missing is not set: one
 * worker has what is set for all, and without that what it has chosen by its machine.
 */
export const concurrencyBody = z
  .strictObject({ fast: lotsAtOnce.optional(), slow: lotsAtOnce.optional() })
  .meta({ id: 'Concurrency' })
export type Concurrency = z.output<typeof concurrencyBody>

/** A change of that: a lane that is left out stays, one that is null is not set any more. */
export const concurrencyChange = z
  .strictObject({ fast: lotsAtOnce.nullable().optional(), slow: lotsAtOnce.nullable().optional() })
  .meta({ id: 'ConcurrencyChange' })
export type ConcurrencyChange = z.output<typeof concurrencyChange>

/** What a worker process has been told, and does within a second or two. */
export const workerOrders = z
  .object({ id: workerId, draining: z.boolean(), concurrency: concurrencyBody })
  .meta({ id: 'WorkerOrders' })
export type WorkerOrders = z.output<typeof workerOrders>

/** `<number of the shard>-<number of the lot>`: lots are numbered in each shard. */
export const deadLotId = z
  .string('must be a string')
  .regex(/^\d{1,2}-[1-9]\d{0,14}$/, 'must be the id of a dead lot, as the list shows it')
  .meta({ examples: ['0-17'] })

/** A lot that two workers died with. `path` is its request, which has failed with `worker_died`. */
export const deadLotView = z
  .object({
    id: deadLotId,
    lane: laneName,
    tenant: tenantName,
    path: idSchema,
    batch: idSchema.optional(),
    starts: count.describe('How often a worker began it.'),
    created: moment,
    died: moment,
  })
  .meta({ id: 'DeadLot' })
export type DeadLotView = z.output<typeof deadLotView>

export const deadLotQuery = z.strictObject({ cursor: cursor.optional(), limit: limitOf(200, 50) })
export const deadLotListView = z
  .object({ deadLots: z.array(deadLotView), next: z.string().optional() })
  .meta({ id: 'DeadLotList' })
export type DeadLotListView = z.output<typeof deadLotListView>

/** The answer of POST /v1/ops/dead-lots/{id}/retry: its request, which is queued again. */
export const retriedLotView = deadLotView
  .pick({ tenant: true, path: true })
  .meta({ id: 'RetriedLot' })
export type RetriedLotView = z.output<typeof retriedLotView>

/** What has failed for one reason in one tenant; `newest`: path ids of the newest requests, of which ten are told. */
const failuresOfTenant = z.object({ tenant: tenantName, count, newest: z.array(idSchema) })

/** `count`: of those that were looked at. */
export const failureGroup = z
  .object({ code: z.enum(codes), count, tenants: z.array(failuresOfTenant) })
  .meta({ id: 'FailureGroup' })
export type FailureGroup = z.output<typeof failureGroup>

/** GET /v1/ops/failures: by code, the most frequent first. Of each tenant the newest are looked at. */
export const failuresView = z
  .object({
    failed: count.describe('Failed requests of all tenants.'),
    looked: count.describe('How many of them were looked at: the newest of each tenant.'),
    groups: z.array(failureGroup),
  })
  .meta({ id: 'Failures' })
export type FailuresView = z.output<typeof failuresView>

/** POST /v1/ops/failures/retry: those of one code, of one tenant or of all; `cursor`: `next` of the answer before. */
export const retryFailuresBody = z
  .strictObject({
    code: z.enum(codes, 'must be the code of a failure, as the list shows it'),
    tenant: tenantName.optional(),
    cursor: cursor.optional(),
  })
  .meta({ id: 'RetryFailures' })
export type RetryFailures = z.output<typeof retryFailuresBody>

/** `next`: where the same call goes on; without it all were looked at. */
export const retriedView = z
  .object({ retried: count, next: z.string().optional() })
  .meta({ id: 'Retried' })
export type RetriedView = z.output<typeof retriedView>
