import { at, type Endpoint } from '../endpoint.ts'
import { recipient } from './recipient.ts'

export const keys: readonly Endpoint[] = [
  {
    method: 'POST',
    route: '/v1/keys',
    needs: 'submit',
    call: ({ newKey }) => ({ path: '/v1/keys', body: { privateKey: newKey } }),
    answers: 201,
  },
  { method: 'GET', route: '/v1/keys', needs: 'read', call: at('/v1/keys'), answers: 200 },
  {
    method: 'GET',
    route: '/v1/keys/:id',
    needs: 'read',
    call: ({ keptKey }) => ({ path: `/v1/keys/${keptKey}` }),
    answers: 200,
    about: 'keptKey',
  },
  {
    method: 'DELETE',
    route: '/v1/keys/:id',
    needs: 'submit',
    call: ({ keptKey }) => ({ path: `/v1/keys/${keptKey}` }),
    answers: 204,
    about: 'keptKey',
  },
  {
    method: 'POST',
    route: '/v1/keys/:id/export',
    needs: 'export',
    call: ({ keptKey }) => ({
      path: `/v1/keys/${keptKey}/export`,
      body: { recipient },
    }),
    answers: 200,
    about: 'keptKey',
  },
]
