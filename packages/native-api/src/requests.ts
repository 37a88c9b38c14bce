import type { specSchema } from '@csr-foundry/csr'
import { z } from 'zod'
import { cursor, idSchema, limitOf, times } from './fields.ts'
import { keyAlgorithm } from './keys.ts'
import { problemView } from './problem.ts'

/**
 * POST /v1/requests: a spec. What it leaves out of key and custody stands in the tenant's policy. It is a type alone: its
 * schema comes with all that is known about CSRs, which programs that only call need not load.
 */
export type NewRequestBody = z.output<typeof specSchema>

export const states = ['queued', 'running', 'ready', 'failed', 'cancelled'] as const

/** A request. `csr` is PEM, there when it is ready; `problem` when it has failed; `key.id` names the key once it is known. */
export const requestView = z
  .object({
    id: idSchema,
    ref: z.string().optional(),
    state: z.enum(states),
    csr: z.string().optional(),
    key: z.object({ id: idSchema.optional(), algorithm: keyAlgorithm }).optional(),
    problem: problemView.optional(),
    times,
    links: z.object({ self: z.string(), key: z.string().optional(), retry: z.string().optional() }),
  })
  .meta({ id: 'Request' })
export type RequestView = z.output<typeof requestView>

/**
 * GET /v1/requests. `q`: an id, the start of a ref, or the start of the first common name (letters alike in upper and lower case),
 * sought within the last 100,000 ids. A page may hold fewer than `limit`, also none, and still have a `next`.
 */
export const requestListQuery = z.strictObject({
  state: z.enum(states, `must be one of ${states.join(', ')}`).optional(),
  q: z
    .string('must be given once')
    .min(1, 'is empty; leave it out to see all')
    .max(255, 'has more than 255 characters')
    .optional(),
  cursor: cursor.optional(),
  limit: limitOf(200, 100),
})
export type RequestListQuery = z.input<typeof requestListQuery>

/** `next`: the cursor that goes on; without it this is the end. In a list a request has its `commonName` and no CSR. */
export const requestListView = z
  .object({
    requests: z.array(
      requestView.omit({ csr: true, problem: true }).extend({ commonName: z.string().optional() }),
    ),
    next: z.string().optional(),
  })
  .meta({ id: 'RequestList' })
export type RequestListView = z.output<typeof requestListView>
