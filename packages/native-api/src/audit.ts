import { z } from 'zod'
import { limitOf, moment } from './fields.ts'

const entryId = z
  .string('must be given once')
  .regex(/^\d{1,15}-\d{1,19}$/, 'must be the id of an entry, as the list shows it')

/** GET /v1/audit: only entries `before` this one, `after` this one. */
export const auditListQuery = z.strictObject({
  before: entryId.optional(),
  after: entryId.optional(),
  limit: limitOf(1_000, 100),
})

/**
 * Who did what. `by` is `user:<name>`, `token:<id>`, `worker`, `retention` or `installation`; `ids` names what it was done to; `outcome` is
 * `done`, or how it went on.
 */
export const auditEntryView = z.object({
  id: entryId,
  time: moment,
  by: z.string(),
  from: z.string(),
  requestId: z.string().optional(),
  action: z.string(),
  ids: z.array(z.string()),
  outcome: z.string(),
})
export type AuditEntryView = z.output<typeof auditEntryView>

export const auditListView = z.object({
  entries: z.array(auditEntryView),
  next: entryId.optional(),
})

/** What a seal covers: `count` entries up to `last`; `hash` chains them, `mac` is over all of it under the audit key `kid`. */
export const auditSeal = z.looseObject({
  tenant: z.string(),
  last: z.string(),
  count: z.number(),
  hash: z.string(),
  kid: z.string(),
  mac: z.string(),
})
export type AuditSeal = z.output<typeof auditSeal>

export const verifyAuditBody = z.strictObject({
  seal: z
    .looseObject({}, 'must be a seal, as GET /v1/audit/seal gives it')
    .refine((seal) => JSON.stringify(seal).length <= 4_096, 'is too long for a seal')
    .optional(),
})

/** What does not match, and where: `entry` or the entries `after` and `before` it; `detail` says it in a sentence. */
const auditFinding = z.object({
  kind: z.string(),
  detail: z.string(),
  entry: z.string().optional(),
  to: z.string().optional(),
  from: z.string().optional(),
  after: z.string().optional(),
  before: z.string().optional(),
  count: z.number().optional(),
  seal: z.string().optional(),
})

/**
 * What a verification says. `entries` lie there now, of which `sealed` are covered by seals; `held` says what became of the seal that
 * was sent; `found` counts the findings, of which the first 100 are told; `seal` is the newest, to be kept from now on.
 */
export const auditReport = z.object({
  entries: z.number(),
  sealed: z.number(),
  unsealed: z.number(),
  from: z.object({ count: z.number(), last: z.string() }).loose(),
  held: z.enum(['none', 'matches', 'too_old', 'differs', 'not_authentic']),
  found: z.number(),
  findings: z.array(auditFinding),
  seal: auditSeal.nullable(),
})
export type AuditReport = z.output<typeof auditReport>
