/** The bodies of the native API's errors: problem documents (RFC 9457) with `code` and all faults in `errors`. */
import { errorKinds, toProblem } from '@csr-foundry/service'
import type { Failure } from '../dialect.ts'

export const failure: Failure = (error, requestId) => ({
  body: { ...toProblem(error), recovery: errorKinds[error.code].recovery, requestId },
  contentType: 'application/problem+json',
})
