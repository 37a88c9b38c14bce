import {
  changeUser,
  createSession,
  createToken,
  createUser,
  deleteToken,
  deleteUser,
  endSession,
} from '../../../src/index.ts'
import { operator } from '../../accounts/make-tenant.ts'
import { type Change, usual } from './change.ts'

const password = 'scrypt of nothing'
const reader = { name: 'bob', password, roles: ['read'] as const }

export const ofAccounts: readonly Change[] = [
  {
    ...usual,
    what: 'a new user',
    action: 'user.create',
    ids: ['bob'],
    arrange: (_, place) => (redis) => createUser(redis, place, reader, operator),
  },
  {
    ...usual,
    what: 'other roles of a user',
    action: 'user.change',
    ids: ['bob'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      await createUser(redis, place, reader, operator)
      return (acting) => changeUser(acting, place, 'bob', { roles: [] }, operator)
    },
  },
  {
    ...usual,
    what: 'a new password of a user',
    action: 'user.change',
    ids: ['boss'],
    arrange: (_, place) => (redis) =>
      changeUser(redis, place, 'boss', { password: 'scrypt of another' }, operator),
  },
  {
    ...usual,
    what: 'a delete of a user',
    action: 'user.delete',
    ids: ['bob'],
    whenFull: 'made',
    arrange: async (redis, place) => {
      await createUser(redis, place, reader, operator)
      return (acting) => deleteUser(acting, place, 'bob', operator)
    },
  },
  {
    ...usual,
    what: 'a new token',
    action: 'token.create',
    ids: 'token',
    arrange: (_, place) => async (redis) =>
      (await createToken(redis, place, { name: 'ci', roles: [] }, operator)).made.id,
  },
  {
    ...usual,
    what: 'a delete of a token',
    action: 'token.delete',
    ids: 'token',
    whenFull: 'made',
    arrange: async (redis, place) => {
      const { made } = await createToken(redis, place, { name: 'ci', roles: [] }, operator)
      return async (acting) => (await deleteToken(acting, place, made.id, operator)) && made.id
    },
  },
  {
    ...usual,
    what: 'a session that begins',
    action: 'session.create',
    ids: ['boss@acme'],
    isScript: false,
    arrange: (_, place) => (redis) => createSession(redis, place, 'boss@acme', 'x'),
  },
  {
    ...usual,
    what: 'a session that ends',
    action: 'session.end',
    ids: ['boss@acme'],
    isScript: false,
    arrange: async (redis, place) => {
      const session = await createSession(redis, place, 'boss@acme', 'x')
      return (acting) => endSession(acting, place, session)
    },
  },
]
