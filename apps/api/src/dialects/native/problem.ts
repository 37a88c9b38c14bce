/** The bodies of the native API's errors: problem documents (RFC 9457) with `code` and all faults in `errors`. */
import { type ErrorCode, errorKinds, toProblem } from '@csr-foundry/service'
import type { Failure } from '../dialect.ts'

const codes = Object.keys(errorKinds) as ErrorCode[]

/** The native API calls errors as we do. */
export const errorIds = Object.fromEntries(codes.map((code) => [code, code])) as Record<
  ErrorCode,
  string
>

export const failure: Failure = (error, requestId) => ({
  body: { ...toProblem(error), recovery: errorKinds[error.code].recovery, requestId },
  contentType: 'application/problem+json',
})
