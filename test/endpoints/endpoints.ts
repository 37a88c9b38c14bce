/**
 * Every endpoint of every dialect: who may call it, a good call of it, and what it answers when it works. Tests of what must
 * hold for all of them go through this table; one of them holds it to the routes of the application.
 */
import type { Role } from '@csr-foundry/records'

/** Ids of things of one tenant that a call can be about. */
export type Things = Readonly<
  Record<'request' | 'failedRequest' | 'batch' | 'keptKey' | 'user' | 'token' | 'tenant', string> &
    Record<'worker' | 'deadLot', string>
> & {
  /** A private key in PEM that no tenant has yet. */
  readonly newKey: string
  /** A name that nobody has yet. */
  readonly newName: string
}

export type Call = {
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Endpoint = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As the application mounts it. */
  readonly route: string
  /** What its caller needs: a role, only to be known, or nothing at all. */
  readonly needs: Role | 'caller' | 'nothing'
  /** A good call of it. */
  readonly call: (things: Things) => Call
  readonly answers: number
  /** What of a tenant its path names, which to another tenant never existed. */
  readonly about?: keyof Things
}

const lxcaCsr = '/certificateSigningRequest'
const fastlyCsrs = '/tls/certificate_signing_requests'
const fastlyKeys = '/tls/private_keys'
const at = (path: string) => () => ({ path })
const recipient = {
  kty: 'OKP',
  crv: 'X25519',
  x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
}

const lxca: readonly Endpoint[] = [
  {
    method: 'POST',
    route: lxcaCsr,
    needs: 'submit',
    call: () => ({ path: lxcaCsr, body: { CommonName: 'a.example.com' } }),
    answers: 200,
  },
  ...(['GET', 'DELETE'] as const).flatMap((method): Endpoint[] => {
    const needs = method === 'GET' ? 'read' : 'submit'
    return [
      {
        method,
        route: lxcaCsr,
        needs,
        call: ({ request }) => ({ path: `${lxcaCsr}?path=${request}` }),
        answers: 200,
        about: 'request',
      },
      {
        method,
        route: `${lxcaCsr}/:path`,
        needs,
        call: ({ request }) => ({ path: `${lxcaCsr}/${request}` }),
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

const fastly: readonly Endpoint[] = [
  {
    method: 'POST',
    route: fastlyCsrs,
    needs: 'submit',
    call: () => ({
      path: fastlyCsrs,
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
  { method: 'GET', route: fastlyCsrs, needs: 'read', call: at(fastlyCsrs), answers: 200 },
  {
    method: 'GET',
    route: `${fastlyCsrs}/:id`,
    needs: 'read',
    call: ({ request }) => ({ path: `${fastlyCsrs}/${request}` }),
    answers: 200,
    about: 'request',
  },
  {
    method: 'DELETE',
    route: `${fastlyCsrs}/:id`,
    needs: 'submit',
    call: ({ request }) => ({ path: `${fastlyCsrs}/${request}` }),
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
    route: fastlyKeys,
    needs: 'submit',
    call: ({ newKey }) => ({
      path: fastlyKeys,
      body: { data: { type: 'tls_private_key', attributes: { key: newKey, name: 'mine' } } },
    }),
    answers: 201,
  },
  { method: 'GET', route: fastlyKeys, needs: 'read', call: at(fastlyKeys), answers: 200 },
  {
    method: 'GET',
    route: `${fastlyKeys}/:id`,
    needs: 'read',
    call: ({ keptKey }) => ({ path: `${fastlyKeys}/${keptKey}` }),
    answers: 200,
    about: 'keptKey',
  },
  {
    method: 'DELETE',
    route: `${fastlyKeys}/:id`,
    needs: 'submit',
    call: ({ keptKey }) => ({ path: `${fastlyKeys}/${keptKey}` }),
    answers: 204,
    about: 'keptKey',
  },
]

const requests: readonly Endpoint[] = [
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

const batches: readonly Endpoint[] = [
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

const keys: readonly Endpoint[] = [
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

const newPassword = 'a password of its own'

const accounts: readonly Endpoint[] = [
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

/** Of the lane that no other call here waits for; each act is followed by what takes it back. */
const watching: readonly Endpoint[] = [
  '/v1/ops/overview',
  '/v1/ops/figures',
  '/v1/ops/events',
  '/metrics',
].map((route) => ({
  method: 'GET',
  route,
  needs: 'operate',
  call: at(route === '/v1/ops/events' ? `${route}?count=1` : route),
  answers: 200,
}))

const acting: readonly Endpoint[] = [
  ...(['pause', 'resume'] as const).map(
    (what): Endpoint => ({
      method: 'POST',
      route: `/v1/ops/lanes/:lane/${what}`,
      needs: 'operate',
      call: at(`/v1/ops/lanes/slow/${what}`),
      answers: 200,
    }),
  ),
  ...(['drain', 'resume'] as const).map(
    (what): Endpoint => ({
      method: 'POST',
      route: `/v1/ops/workers/:id/${what}`,
      needs: 'operate',
      call: ({ worker }) => ({ path: `/v1/ops/workers/${worker}/${what}` }),
      answers: 200,
      about: 'worker',
    }),
  ),
  {
    method: 'PATCH',
    route: '/v1/ops/workers/:id/concurrency',
    needs: 'operate',
    call: ({ worker }) => ({ path: `/v1/ops/workers/${worker}/concurrency`, body: {} }),
    answers: 200,
    about: 'worker',
  },
  {
    method: 'GET',
    route: '/v1/ops/concurrency',
    needs: 'operate',
    call: at('/v1/ops/concurrency'),
    answers: 200,
  },
  {
    method: 'PATCH',
    route: '/v1/ops/concurrency',
    needs: 'operate',
    call: () => ({ path: '/v1/ops/concurrency', body: {} }),
    answers: 200,
  },
  {
    method: 'GET',
    route: '/v1/ops/dead-lots',
    needs: 'operate',
    call: at('/v1/ops/dead-lots'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/ops/dead-lots/:id/retry',
    needs: 'operate',
    call: ({ deadLot }) => ({ path: `/v1/ops/dead-lots/${deadLot}/retry` }),
    answers: 202,
    about: 'deadLot',
  },
  {
    method: 'GET',
    route: '/v1/ops/failures',
    needs: 'operate',
    call: at('/v1/ops/failures'),
    answers: 200,
  },
  {
    method: 'POST',
    route: '/v1/ops/failures/retry',
    needs: 'operate',
    call: () => ({ path: '/v1/ops/failures/retry', body: { code: 'csr_not_made' } }),
    answers: 202,
  },
]

const open: readonly Endpoint[] = [
  '/healthz',
  '/readyz',
  '/docs',
  '/docs/errors',
  '/openapi.json',
].map((route) => ({
  method: 'GET',
  route,
  needs: 'nothing',
  call: at(route),
  answers: 200,
}))

export const endpoints: readonly Endpoint[] = [
  ...lxca,
  ...fastly,
  ...requests,
  ...batches,
  ...keys,
  ...accounts,
  ...watching,
  ...acting,
  ...open,
]

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
