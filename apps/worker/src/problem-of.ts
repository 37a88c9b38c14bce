import { CsrError, type CsrErrorCode } from '@csr-foundry/csr'
import { type Problem, ServiceError, toProblem } from '@csr-foundry/service'

/** The one code that says something of the request. All others say that this worker is wrong, or its surroundings. */
const faultOfTheRequest: CsrErrorCode = 'unencodable'

/** The problem to store with a request whose CSR cannot be made; undefined for errors that are not the request's. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ServiceError && error.code === 'csr_not_made') return toProblem(error)
  if (!(error instanceof CsrError) || error.code !== faultOfTheRequest) return undefined
  return toProblem(new ServiceError('csr_not_made', { detail: error.message }))
}
