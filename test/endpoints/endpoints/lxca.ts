import { at, type Endpoint } from '../endpoint.ts'

const csr = '/certificateSigningRequest'

export const lxca: readonly Endpoint[] = [
  {
    method: 'POST',
    route: csr,
    needs: 'submit',
    call: () => ({ path: csr, body: { CommonName: 'a.example.com' } }),
    answers: 200,
  },
  ...(['GET', 'DELETE'] as const).flatMap((method): Endpoint[] => {
    const needs = method === 'GET' ? 'read' : 'submit'
    return [
      {
        method,
        route: csr,
        needs,
        call: ({ request }) => ({ path: `${csr}?path=${request}` }),
        answers: 200,
        about: 'request',
      },
      {
        method,
        route: `${csr}/:path`,
        needs,
        call: ({ request }) => ({ path: `${csr}/${request}` }),
        answers: 200,
        about: 'request',
      },
    ]
  }),
  {
    method: 'GET',
    route: '/certificatePolicy',
    needs: 'read',
    call: at('/certificatePolicy'),
    answers: 200,
  },
  {
    method: 'PUT',
    route: '/certificatePolicy',
    needs: 'admin',
    call: () => ({ path: '/certificatePolicy', body: { specName: 'DEFAULT' } }),
    answers: 200,
  },
  {
    method: 'GET',
    route: '/certificateSettings',
    needs: 'read',
    call: at('/certificateSettings'),
    answers: 200,
  },
  { method: 'GET', route: '/tasks', needs: 'read', call: at('/tasks'), answers: 200 },
  {
    method: 'GET',
    route: '/tasks/:list',
    needs: 'read',
    call: ({ request }) => ({ path: `/tasks/${request}` }),
    answers: 200,
    about: 'request',
  },
  { method: 'GET', route: '/aicc', needs: 'caller', call: at('/aicc'), answers: 200 },
]
