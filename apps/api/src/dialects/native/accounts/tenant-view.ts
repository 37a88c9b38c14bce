import type { TenantView } from '@csr-foundry/native-api'
import type { Tenant } from '@csr-foundry/records'
import { momentOf } from '../../../moment-of.ts'

export const tenantView = ({ name, created, closed, limits }: Tenant): TenantView => ({
  name,
  ...(created !== undefined && { created: momentOf(created) }),
  ...(closed !== undefined && { closed: momentOf(closed) }),
  limits: limits.queuedRequests === undefined ? {} : { queuedRequests: limits.queuedRequests },
  links: { self: `/v1/accounts/tenants/${name}` },
})
