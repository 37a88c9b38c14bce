import type { Call, Endpoint } from '../endpoint.ts'

const newPassword = 'a password of its own'

/**
 * Logging in, ending one's own session, and a user's own password: no role decides over them, so they are not crossed with
 * callers, and each has tests of its own. These calls are well-formed and change nothing.
 */
export const aboutOneself: readonly (Pick<Endpoint, 'method' | 'route'> & Call)[] = [
  {
    method: 'POST',
    route: '/sessions',
    path: '/sessions',
    body: { UserId: 'nobody', password: newPassword },
  },
  { method: 'DELETE', route: '/sessions', path: '/sessions' },
  {
    method: 'PUT',
    route: '/v1/accounts/self/password',
    path: '/v1/accounts/self/password',
    body: { currentPassword: 'not this one', newPassword },
  },
]
