/** The bodies of the native API's errors: problem documents (RFC 9457) with `code` and all faults in `errors`. */
import { problemView } from '@csr-foundry/native-api'
import { errorKinds, toProblem } from '@csr-foundry/service'
import type { Failure } from '../dialect.ts'

/** By the media type of the answer. */
export const errorViews = { 'application/problem+json': problemView }

export const failure: Failure = (error, requestId) => ({
  body: { ...toProblem(error), recovery: errorKinds[error.code].recovery, requestId },
  contentType: 'application/problem+json',
})
