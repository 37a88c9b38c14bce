import { z } from 'zod'
import { cursor, idSchema, limitOf, moment } from './fields.ts'
import { custody, keyAlgorithm } from './keys.ts'
import { states } from './requests.ts'

const requestState = z.enum(states, `must be one of ${states.join(', ')}`)

export const batchMode = z.enum(['partial', 'atomic'], 'must be partial or atomic')

/** `taking`: rows arrive; `running`: all are in and some are queued; `broken`: the connection was lost before the end. */
export const batchState = z.enum(['taking', 'running', 'done', 'broken', 'cancelled'])

/** POST /v1/batches: `mode` partial leaves out rows that are not valid, atomic takes all or none; the others are for rows that name none. */
export const newBatchQuery = z.strictObject({
  mode: batchMode.default('partial'),
  defaultKey: keyAlgorithm.optional(),
  custody: custody.optional(),
})

/** GET /v1/batches: newest first, or the one that a POST with this Idempotency-Key made. */
export const batchListQuery = z.strictObject({
  idempotencyKey: z.string('must be given once').min(1, 'is empty').max(255).optional(),
  cursor: cursor.optional(),
  limit: limitOf(200, 100),
})

const count = z.number().int().min(0)

/** How many rows came, and what became of them. `queued` are also those that a worker has at the moment. */
export const batchCounts = z.object({
  rows: count,
  accepted: count,
  rejected: count,
  queued: count,
  ready: count,
  failed: count,
  cancelled: count,
})

/** A row that was not taken: its line in what was sent, its ref where it has one, and all its faults. */
export const rejectedRow = z.object({
  line: z.number(),
  ref: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
})
export type RejectedRowView = z.output<typeof rejectedRow>

/**
 * A batch. `firstPath` and `lastPath` are its lowest and highest path id; ids in between may belong to other requests. `rejected`
 * has the first 100. `rate`: CSRs a second, lately; `secondsLeft`: an estimate; both while it runs.
 */
export const batchView = z.object({
  id: idSchema,
  state: batchState,
  mode: batchMode,
  counts: batchCounts,
  firstPath: idSchema.optional(),
  lastPath: idSchema.optional(),
  rate: z.number().optional(),
  secondsLeft: z.number().optional(),
  rejected: z.array(rejectedRow),
  times: z.object({
    created: moment,
    taken: moment.optional(),
    settled: moment.optional(),
    cancelled: moment.optional(),
  }),
  links: z.object({ self: z.string(), results: z.string(), events: z.string() }),
})
export type BatchView = z.output<typeof batchView>

export const batchListView = z.object({
  batches: z.array(batchView.omit({ rejected: true })),
  next: z.string().optional(),
})

/** GET /v1/batches/{id}/rejected: in the order of their lines. */
export const rejectedQuery = z.strictObject({
  cursor: cursor.optional(),
  limit: limitOf(1_000, 100),
})
export const rejectedView = z.object({
  rejected: z.array(rejectedRow),
  next: z.string().optional(),
})

/** GET /v1/batches/{id}/results: a stream in input order. `cursor`: what the last line that was read said. */
export const resultsQuery = z.strictObject({
  state: requestState.optional(),
  cursor: cursor.optional(),
})

/** A line of the results as NDJSON. `csr` as PEM; `cursor` is where a stream that broke goes on after this line. */
export const resultLine = z.object({
  path: idSchema,
  row: z.number().int().min(0),
  ref: z.string().optional(),
  state: requestState,
  key: z.object({ id: idSchema.optional(), algorithm: keyAlgorithm }),
  csr: z.string().optional(),
  problem: z.object({ code: z.string(), detail: z.string() }).loose().optional(),
  cursor: z.string(),
})
export type ResultLine = z.output<typeof resultLine>

/** A line of POST /v1/batches/{id}/export: a key as a JWE, or why it is none. */
export const exportLine = z.object({
  path: idSchema,
  ref: z.string().optional(),
  jwe: z.string().optional(),
  problem: z.object({ code: z.string(), detail: z.string() }).loose().optional(),
  cursor: z.string(),
})
export type ExportLine = z.output<typeof exportLine>
