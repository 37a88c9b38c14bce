import { at, type Endpoint } from '../endpoint.ts'

const newPassword = 'a password of its own'

export const accounts: readonly Endpoint[] = [
  {
    method: 'GET',
    route: '/v1/accounts/self',
    needs: 'caller',
    call: at('/v1/accounts/self'),
    answers: 200,
  },
  {
    method: 'GET',
    route: '/v1/accounts/users',
    needs: 'admin',
    call: at('/v1/accounts/users'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/accounts/users',
    needs: 'admin',
    call: ({ newName }) => ({
      path: '/v1/accounts/users',
      body: { name: newName, password: newPassword, roles: ['read'] },
    }),
    answers: 201,
  },
  ...(['GET', 'PATCH', 'DELETE'] as const).map(
    (method): Endpoint => ({
      method,
      route: '/v1/accounts/users/:name',
      needs: 'admin',
      call: ({ user }) => ({
        path: `/v1/accounts/users/${user}`,
        ...(method === 'PATCH' && { body: { roles: ['read', 'submit'] } }),
      }),
      answers: method === 'DELETE' ? 204 : 200,
      about: 'user',
    }),
  ),
  {
    method: 'GET',
    route: '/v1/accounts/tokens',
    needs: 'admin',
    call: at('/v1/accounts/tokens'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/accounts/tokens',
    needs: 'admin',
    call: ({ newName }) => ({
      path: '/v1/accounts/tokens',
      body: { name: newName, roles: ['read'] },
    }),
    answers: 201,
  },
  ...(['GET', 'DELETE'] as const).map(
    (method): Endpoint => ({
      method,
      route: '/v1/accounts/tokens/:id',
      needs: 'admin',
      call: ({ token }) => ({ path: `/v1/accounts/tokens/${token}` }),
      answers: method === 'DELETE' ? 204 : 200,
      about: 'token',
    }),
  ),
  {
    method: 'GET',
    route: '/v1/accounts/tenants',
    needs: 'tenants',
    call: at('/v1/accounts/tenants'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/accounts/tenants',
    needs: 'tenants',
    call: ({ newName }) => ({
      path: '/v1/accounts/tenants',
      body: { name: newName, administrator: { name: 'boss', password: newPassword } },
    }),
    answers: 201,
  },
  ...(['GET', 'PATCH'] as const).map(
    (method): Endpoint => ({
      method,
      route: '/v1/accounts/tenants/:name',
      needs: 'tenants',
      call: ({ tenant }) => ({
        path: `/v1/accounts/tenants/${tenant}`,
        ...(method === 'PATCH' && { body: { limits: { queuedRequests: 1_000 } } }),
      }),
      answers: 200,
      about: 'tenant',
    }),
  ),
]
