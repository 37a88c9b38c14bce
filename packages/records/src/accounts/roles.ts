/** What a principal of any tenant can be allowed, within the tenant. */
export const tenantRoles = ['submit', 'read', 'export', 'audit', 'admin'] as const

/** What only principals of the tenant `default` can be allowed: things of the whole installation. */
export const installationRoles = ['operate', 'tenants'] as const

export const roles = [...tenantRoles, ...installationRoles] as const
export type Role = (typeof roles)[number]
