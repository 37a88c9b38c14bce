import type { Endpoint } from '../endpoint.ts'

export const requests: readonly Endpoint[] = [
  {
    method: 'POST',
    route: '/v1/requests',
    needs: 'submit',
    call: () => ({ path: '/v1/requests', body: { subject: { commonName: 'a.example.com' } } }),
    answers: 202,
  },
  {
    method: 'GET',
    route: '/v1/requests',
    needs: 'read',
    call: () => ({ path: '/v1/requests?limit=10' }),
    answers: 200,
  },
  {
    method: 'GET',
    route: '/v1/requests/:id',
    needs: 'read',
    call: ({ request }) => ({ path: `/v1/requests/${request}` }),
    answers: 200,
    about: 'request',
  },
  {
    method: 'DELETE',
    route: '/v1/requests/:id',
    needs: 'submit',
    call: ({ request }) => ({ path: `/v1/requests/${request}` }),
    answers: 204,
    about: 'request',
  },
  {
    method: 'POST',
    route: '/v1/requests/:id/retry',
    needs: 'submit',
    call: ({ failedRequest }) => ({ path: `/v1/requests/${failedRequest}/retry` }),
    answers: 202,
    about: 'failedRequest',
  },
]
