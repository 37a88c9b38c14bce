import { ServiceError } from '@csr-foundry/service'

/** The same words for what never was, what was deleted and what another tenant has. */
export function accountNotFound(kind: 'user' | 'token' | 'tenant', name: string): ServiceError {
  return new ServiceError('account_not_found', { detail: `The ${kind} ${name} was not found.` })
}
