import { type Role, tenantRoles } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'

const ofTenants: ReadonlySet<Role> = new Set(tenantRoles)

/**
 * Refuses roles of the installation for principals of any other tenant than `default`.
 *
 * @throws {ServiceError} `attribute_invalid`
 */
export function requireRolesFor(tenant: string, roles: readonly Role[]): void {
  const faults = roles.flatMap((role, i) =>
    tenant === 'default' || ofTenants.has(role)
      ? []
      : [{ pointer: `/roles/${i}`, detail: `can be one of ${tenantRoles.join(', ')} here` }],
  )
  if (faults.length > 0) throw new ServiceError('attribute_invalid', { faults })
}
