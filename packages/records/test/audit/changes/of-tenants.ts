import { changePolicy, changeTenant, createTenant } from '../../../src/index.ts'
import { type Change, usual } from './change.ts'

const administrator = { name: 'bob', password: 'scrypt of nothing', roles: ['read'] as const }

export const ofTenants: readonly Change[] = [
  {
    ...usual,
    what: 'a new tenant',
    action: 'tenant.create',
    ids: ['rival'],
    isScript: false,
    arrange: (_, place) => (redis) =>
      createTenant(redis, place, 1, { name: 'rival', administrator }),
  },
  {
    ...usual,
    what: 'a tenant that is closed',
    action: 'tenant.change',
    ids: ['acme'],
    isScript: false,
    arrange: (_, place) => (redis) => changeTenant(redis, place, 'acme', { closed: true }),
  },
  {
    ...usual,
    what: 'another policy',
    action: 'policy.change',
    ids: ['lxcaSpec=CNSA', 'defaultKey=ed25519'],
    isScript: false,
    arrange: (_, place) => (redis) =>
      changePolicy(redis, place, { lxcaSpec: 'CNSA', defaultKey: 'ed25519' }),
  },
]
