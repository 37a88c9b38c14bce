import type { Role } from '@csr-foundry/records'

/** A part of the console in its navigation, for who has the role. */
export type Section = { readonly path: string; readonly title: string; readonly role: Role }

export const home = '/dashboard'

/** In the order of the navigation: who logs in comes to the first that he may see. */
export const sections = [
  { path: '/dashboard/overview', title: 'Overview', role: 'operate' },
  { path: '/dashboard/batches', title: 'Batches', role: 'read' },
  { path: '/dashboard/requests', title: 'Requests', role: 'read' },
  { path: '/dashboard/failures', title: 'Failures', role: 'read' },
  { path: '/dashboard/keys', title: 'Keys', role: 'read' },
  { path: '/dashboard/users', title: 'Users', role: 'admin' },
  { path: '/dashboard/tokens', title: 'Tokens', role: 'admin' },
  { path: '/dashboard/tenants', title: 'Tenants', role: 'tenants' },
  { path: '/dashboard/audit', title: 'Audit', role: 'audit' },
] as const satisfies readonly Section[]

export const sectionsFor = (roles: readonly Role[]): Section[] =>
  sections.filter(({ role }) => roles.includes(role))
