import { type ErrorCode, errorKinds, faultCodes } from '@csr-foundry/service/errors'
import { z } from 'zod'

const codes = Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]

/** A problem document (RFC 9457), as errors and failed requests have it. */
export const problemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.enum(codes),
    detail: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string(),
          detail: z.string(),
          code: z.enum(faultCodes).optional(),
          line: z.number().optional(),
        }),
      )
      .readonly()
      .optional(),
    /** What the reader does next; in answers, not in stored problems. */
    recovery: z.string().optional(),
    /** The id of the call, as in X-Request-Id and the logs; in answers, not in stored problems. */
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type ProblemView = z.output<typeof problemView>
