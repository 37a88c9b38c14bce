import { at, type Endpoint } from '../endpoint.ts'

export const policy: readonly Endpoint[] = [
  { method: 'GET', route: '/v1/policy', needs: 'read', call: at('/v1/policy'), answers: 200 },
  {
    method: 'PUT',
    route: '/v1/policy',
    needs: 'admin',
    call: () => ({
      path: '/v1/policy',
      body: { defaultCustody: 'internal', lxcaSpec: 'DEFAULT', defaultKey: 'ecdsa-p256' },
    }),
    answers: 200,
  },
]
