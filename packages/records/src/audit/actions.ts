/** What the audit tells of, and what the ids of such an entry name. */
export const auditActions = {
  'request.create': 'requests',
  'request.complete': 'requests',
  'request.cancel': 'requests',
  'request.retry': 'requests',
  'request.delete': 'requests',
  'key.import': 'keys',
  'key.read': 'keys',
  'key.list': 'keys',
  'key.delete': 'keys',
  'key.export': 'keys',
  'export.read': 'keys',
  'user.create': 'users',
  'user.change': 'users',
  'user.delete': 'users',
  'token.create': 'tokens',
  'token.delete': 'tokens',
  'session.create': 'users',
  'session.end': 'users',
  'tenant.create': 'tenants',
  'tenant.change': 'tenants',
  'policy.change': 'fields',
  'audit.read': 'entries',
  'audit.verify': 'entries',
} as const

export type AuditAction = keyof typeof auditActions
