import { redisTrouble } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { HTTPException } from 'hono/http-exception'

/** Seconds after which a call that needs Redis may work again. */
export const retryAfterOutage = 2
const retryAfterFull = 30

/** Any error that reaches the edge, as one of the closed list. What nobody foresaw becomes `internal`. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error
  const trouble = redisTrouble(error)
  if (trouble === 'away') {
    return new ServiceError('unavailable', { cause: error, retryAfter: retryAfterOutage })
  }
  if (trouble === 'full') {
    return new ServiceError('storage_full', { cause: error, retryAfter: retryAfterFull })
  }
  if (error instanceof HTTPException && error.status === 400) {
    return new ServiceError('body_malformed', { cause: error })
  }
  return new ServiceError('internal', { cause: error })
}
