import type { Role } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'

export function roleMissing(role: Role): ServiceError {
  return new ServiceError('role_missing', { detail: `This operation needs the role ${role}.` })
}
