import { at, type Endpoint } from '../endpoint.ts'

const csrs = '/tls/certificate_signing_requests'
const privateKeys = '/tls/private_keys'

export const fastly: readonly Endpoint[] = [
  {
    method: 'POST',
    route: csrs,
    needs: 'submit',
    call: () => ({
      path: csrs,
      body: {
        data: {
          type: 'csr',
          attributes: {
            sans: ['a.example.com'],
            common_name: 'a.example.com',
            key_type: 'ECDSA256',
          },
        },
      },
    }),
    answers: 201,
  },
  { method: 'GET', route: csrs, needs: 'read', call: at(csrs), answers: 200 },
  {
    method: 'GET',
    route: `${csrs}/:id`,
    needs: 'read',
    call: ({ request }) => ({ path: `${csrs}/${request}` }),
    answers: 200,
    about: 'request',
  },
  {
    method: 'DELETE',
    route: `${csrs}/:id`,
    needs: 'submit',
    call: ({ request }) => ({ path: `${csrs}/${request}` }),
    answers: 204,
    about: 'request',
  },
  {
    method: 'GET',
    route: '/tls/csr_jobs/:id',
    needs: 'read',
    call: ({ request }) => ({ path: `/tls/csr_jobs/${request}` }),
    answers: 303,
    about: 'request',
  },
  {
    method: 'POST',
    route: privateKeys,
    needs: 'submit',
    call: ({ newKey }) => ({
      path: privateKeys,
      body: { data: { type: 'tls_private_key', attributes: { key: newKey, name: 'mine' } } },
    }),
    answers: 201,
  },
  { method: 'GET', route: privateKeys, needs: 'read', call: at(privateKeys), answers: 200 },
  {
    method: 'GET',
    route: `${privateKeys}/:id`,
    needs: 'read',
    call: ({ keptKey }) => ({ path: `${privateKeys}/${keptKey}` }),
    answers: 200,
    about: 'keptKey',
  },
  {
    method: 'DELETE',
    route: `${privateKeys}/:id`,
    needs: 'submit',
    call: ({ keptKey }) => ({ path: `${privateKeys}/${keptKey}` }),
    answers: 204,
    about: 'keptKey',
  },
]
