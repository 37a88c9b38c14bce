/** What the OpenAPI document shows as answers about accounts. */
import type {
  NewTokenView,
  SelfView,
  TenantView,
  TokenView,
  UserView,
} from '@csr-foundry/native-api'

const created = '2030-01-31T12:00:00.371Z'

/** No password of anybody. */
export const examplePassword = 'an example password'

export const self = {
  tenant: 'default',
  name: 'admin',
  kind: 'user',
  roles: ['submit', 'read', 'export', 'audit', 'admin', 'operate', 'tenants'],
} satisfies SelfView

export const user = {
  ...{ name: 'mira', login: 'mira', roles: ['submit', 'read'], created },
  links: { self: '/v1/accounts/users/mira' },
} satisfies UserView

export const token = {
  ...{ id: '0123456789abcdef', name: 'fleet-import', roles: ['submit', 'read'] },
  ...{ created, createdBy: 'admin', expires: '2099-12-31T23:59:59.000Z', expired: false },
  links: { self: '/v1/accounts/tokens/0123456789abcdef' },
} satisfies TokenView

export const newToken = { ...token, token: 'cf_this-is-no-token-of-anybody' } satisfies NewTokenView

export const tenant = {
  ...{ name: 'acme', created, limits: { queuedRequests: 10_000 } },
  links: { self: '/v1/accounts/tenants/acme' },
} satisfies TenantView
