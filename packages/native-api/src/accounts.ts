import { z } from 'zod'
import { cursor, limitOf, moment } from './fields.ts'

const tenantRoles = ['submit', 'read', 'export', 'audit', 'admin'] as const
const installationRoles = ['operate', 'tenants'] as const

/** What a principal may do. `operate` and `tenants` are for principals of the tenant `default` alone. */
export const role = z
  .enum(
    [...tenantRoles, ...installationRoles],
    `must be one of ${[...tenantRoles, ...installationRoles].join(', ')}`,
  )
  .meta({ id: 'Role' })

const rolesField = z
  .array(role, 'must be a list of roles')
  .max(tenantRoles.length + installationRoles.length, 'names a role twice')
  .refine((list) => new Set(list).size === list.length, 'names a role twice')

export const userName = z
  .string('must be a string')
  .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
  .meta({ examples: ['mira'] })

export const tenantName = z
  .string('must be a string')
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be 1 to 63 small letters, digits or dashes, the first no dash',
  )
  .meta({ examples: ['acme'] })

const password = z
  .string('must be a string')
  .min(8, 'must have at least 8 characters')
  .max(1_024, 'has more than 1,024 characters')

export const tokenId = z
  .string('must be a string')
  .regex(/^[\w-]{1,64}$/, 'must be the id of a token, not the token itself')
  .meta({ examples: ['0123456789abcdef'] })

const list = { cursor: cursor.optional(), limit: limitOf(1_000, 1_000) }

/** Queries of the lists of users, tokens and tenants. */
export const accountListQuery = z.strictObject(list)

/** GET /v1/accounts/self: who is calling. */
export const selfView = z
  .object({
    tenant: z.string(),
    name: z.string(),
    kind: z.enum(['user', 'token']),
    roles: z.array(role),
    expires: moment.optional().describe('When the token ends.'),
  })
  .meta({ id: 'Self' })
export type SelfView = z.output<typeof selfView>

/** PUT /v1/accounts/self/password. */
export const passwordChange = z
  .strictObject({
    currentPassword: z.string('must be a string').max(1_024, 'has more than 1,024 characters'),
    newPassword: password,
  })
  .meta({ id: 'PasswordChange' })

/** A user; `login` is the name that he logs in with. */
export const userView = z
  .object({
    name: z.string(),
    login: z.string(),
    roles: z.array(role),
    created: moment.optional(),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'User' })
export type UserView = z.output<typeof userView>

export const userListView = z
  .object({ users: z.array(userView), next: z.string().optional() })
  .meta({ id: 'UserList' })

/** POST /v1/accounts/users. */
export const newUserBody = z
  .strictObject({ name: userName, password, roles: rolesField })
  .meta({ id: 'NewUser' })

/** PATCH /v1/accounts/users/{name}: what is left out stays. */
export const userChange = z
  .strictObject({ roles: rolesField.optional(), password: password.optional() })
  .refine((change) => Object.keys(change).length > 0, 'must name roles, password or both')
  .meta({ id: 'UserChange' })

/** A token; `user` is there where its bearer is a user, with that user's roles. */
export const tokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    user: z.string().optional(),
    roles: z.array(role),
    created: moment,
    createdBy: z.string(),
    expires: moment.optional(),
    expired: z.boolean(),
    lastUsed: moment.optional().describe('To within a minute.'),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Token' })
export type TokenView = z.output<typeof tokenView>

export const tokenListView = z
  .object({ tokens: z.array(tokenView), next: z.string().optional() })
  .meta({ id: 'TokenList' })

/** POST /v1/accounts/tokens; without `expires` it does not expire. */
export const newTokenBody = z
  .strictObject({
    name: userName,
    roles: rolesField,
    expires: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' })
      .transform((text) => Date.parse(text))
      .refine((time) => time > Date.now(), 'must be in the future')
      .optional(),
  })
  .meta({ id: 'NewToken' })

/** The answer to it, the only one that has the token. */
export const newTokenView = tokenView.extend({ token: z.string() }).meta({ id: 'TokenWithSecret' })
export type NewTokenView = z.output<typeof newTokenView>

const queuedRequests = z
  .int('must be a whole number')
  .min(0, 'must be 0 or more')
  .max(1_000_000_000, 'must be 1,000,000,000 or less')

/** A tenant; `closed` is since when none of its users and tokens may call. */
export const tenantView = z
  .object({
    name: z.string(),
    created: moment.optional(),
    closed: moment.optional(),
    limits: z.object({ queuedRequests: queuedRequests.optional() }),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Tenant' })
export type TenantView = z.output<typeof tenantView>

export const tenantListView = z
  .object({
    tenants: z.array(tenantView),
    next: z.string().optional(),
  })
  .meta({ id: 'TenantList' })

/** POST /v1/accounts/tenants: the administrator is its first user, with every role of a tenant. */
export const newTenantBody = z
  .strictObject({
    name: tenantName,
    administrator: z.strictObject({ name: userName, password }),
    limits: z.strictObject({ queuedRequests: queuedRequests.optional() }).optional(),
  })
  .meta({ id: 'NewTenant' })

/** PATCH /v1/accounts/tenants/{name}: what is left out stays; a limit that is null is taken away. */
export const tenantChange = z
  .strictObject({
    closed: z.boolean('must be true or false').optional(),
    limits: z.strictObject({ queuedRequests: queuedRequests.nullable().optional() }).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must name closed, limits or both')
  .meta({ id: 'TenantChange' })
