import { at, type Endpoint } from '../endpoint.ts'

export const failures: readonly Endpoint[] = [
  { method: 'GET', route: '/v1/failures', needs: 'read', call: at('/v1/failures'), answers: 200 },
  {
    method: 'POST',
    route: '/v1/failures/retry',
    needs: 'submit',
    call: () => ({ path: '/v1/failures/retry', body: { code: 'csr_not_made' } }),
    answers: 202,
  },
]
