import { at, type Endpoint } from '../endpoint.ts'
import { recipient } from './recipient.ts'

export const batches: readonly Endpoint[] = [
  {
    method: 'POST',
    route: '/v1/batches',
    needs: 'submit',
    call: () => ({ path: '/v1/batches', body: [{ subject: { commonName: 'a.example.com' } }] }),
    answers: 202,
  },
  { method: 'GET', route: '/v1/batches', needs: 'read', call: at('/v1/batches'), answers: 200 },
  ...(['', '/rejected', '/results', '/events'] as const).map(
    (what): Endpoint => ({
      method: 'GET',
      route: `/v1/batches/:id${what}`,
      needs: 'read',
      call: ({ batch }) => ({ path: `/v1/batches/${batch}${what}` }),
      answers: 200,
      about: 'batch',
    }),
  ),
  ...(['/cancel', '/retry'] as const).map(
    (what): Endpoint => ({
      method: 'POST',
      route: `/v1/batches/:id${what}`,
      needs: 'submit',
      call: ({ batch }) => ({ path: `/v1/batches/${batch}${what}` }),
      answers: 202,
      about: 'batch',
    }),
  ),
  {
    method: 'POST',
    route: '/v1/batches/:id/export',
    needs: 'export',
    call: ({ batch }) => ({ path: `/v1/batches/${batch}/export`, body: { recipient } }),
    answers: 200,
    about: 'batch',
  },
  {
    method: 'DELETE',
    route: '/v1/batches/:id',
    needs: 'submit',
    call: ({ batch }) => ({ path: `/v1/batches/${batch}` }),
    answers: 204,
    about: 'batch',
  },
]
