/** What has failed in the caller's tenant, by code, and again with it. */
import { type ErrorCode, errorKinds } from '@csr-foundry/service/errors'
import { z } from 'zod'
import { idSchema } from './fields.ts'
import { retryFailuresBody } from './ops-actions.ts'

const count = z.int().min(0)
const codes = Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]

/** `count`: of those that were looked at; `newest`: path ids of the newest, of which ten are told. */
export const ownFailureGroup = z
  .object({ code: z.enum(codes), count, newest: z.array(idSchema) })
  .meta({ id: 'OwnFailureGroup' })
export type OwnFailureGroup = z.output<typeof ownFailureGroup>

/** GET /v1/failures: by code, the most frequent first. */
export const ownFailuresView = z
  .object({
    failed: count.describe('Failed requests of the tenant.'),
    looked: count.describe('How many of them were looked at: the newest.'),
    groups: z.array(ownFailureGroup),
  })
  .meta({ id: 'OwnFailures' })
export type OwnFailuresView = z.output<typeof ownFailuresView>

/** POST /v1/failures/retry: those of one code; `cursor`: `next` of the answer before. */
export const retryOwnFailuresBody = retryFailuresBody
  .omit({ tenant: true })
  .meta({ id: 'RetryOwnFailures' })
export type RetryOwnFailures = z.output<typeof retryOwnFailuresBody>
