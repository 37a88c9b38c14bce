import { defaultTenant } from '../tenants.ts'

/** What a user logs in with: `user` in the tenant `default`, `user@tenant` elsewhere. */
export const loginName = (tenant: string, user: string): string =>
  tenant === defaultTenant ? user : `${user}@${tenant}`

/** The tenant and the user that a login name means, whether they are there or not; undefined for what can be no name. */
export function parseLoginName(login: string): { tenant: string; user: string } | undefined {
  const parts = /^([\w.-]{1,64})(?:@([a-z0-9][a-z0-9-]{0,62}))?$/.exec(login)
  const [, user, tenant = defaultTenant] = parts ?? []
  // Each user has one name: `user@default` is nobody's.
  return user === undefined || loginName(tenant, user) !== login ? undefined : { tenant, user }
}
