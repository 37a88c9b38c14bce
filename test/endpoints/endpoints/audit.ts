import { at, type Endpoint } from '../endpoint.ts'

export const audit: readonly Endpoint[] = [
  { method: 'GET', route: '/v1/audit', needs: 'audit', call: at('/v1/audit'), answers: 200 },
  {
    method: 'GET',
    route: '/v1/audit/seal',
    needs: 'audit',
    call: at('/v1/audit/seal'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/audit/verify',
    needs: 'audit',
    call: () => ({ path: '/v1/audit/verify', body: {} }),
    answers: 200,
  },
]
