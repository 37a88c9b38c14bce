/** Calls with a secret in each place where a caller has one, or puts one by mistake. */
import { hide, hideJwk, hidePem } from './hidden-secrets.ts'
import { basic, type Service } from './start-service.ts'

type Init = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type SecretCall = readonly [what: string, path: string, init: Init]

/** What needs nothing but itself; `token` is one that counts. */
export const secretCalls = (token: string): SecretCall[] => [
  ...byHeader(token),
  ...byQuery(),
  ...byBody(),
  ...byKeys(),
]

/** Exports go through a worker: one that is made, and one for a reader who sent his private key by mistake. */
export async function exportCalls(service: Service): Promise<SecretCall[]> {
  const answer = await service.call('/v1/keys')
  const { keys } = (await answer.json()) as { keys: { id: string; custody: string }[] }
  const id = keys.find(({ custody }) => custody === 'exportable')?.id
  const path = `/v1/keys/${id}/export`
  return [
    ['an export under a password', path, json({ password: hide('export password') })],
    ['an export for a private key', path, json({ recipient: hideJwk('recipient') })],
  ]
}

function byHeader(token: string): SecretCall[] {
  const read = (headers: Record<string, string>) => ({ headers })
  return [
    ['a wrong password', '/v1/requests', read({ authorization: basic('nobody', hide('wrong')) })],
    ['a wrong token', '/v1/requests', read({ authorization: `Bearer ${hide('bearer')}` })],
    ['a token', '/v1/requests', read({ authorization: `Bearer ${token}` })],
    [
      'a wrong Fastly-Key',
      '/tls/private_keys',
      read({ authorization: '', 'fastly-key': hide('fastly') }),
    ],
    ['a Fastly-Key', '/tls/private_keys', read({ authorization: '', 'fastly-key': token })],
    [
      'cookies',
      '/tasks',
      read({ authorization: '', cookie: `userSession=${hide('cookie')}; csrf=${hide('csrf')}` }),
    ],
    [
      'other headers',
      '/v1/requests',
      read({
        'x-request-id': `no id: ${hide('request id')}`,
        'idempotency-key': hide('idempotency key'),
        tracestate: `vendor=${hide('tracestate')}`,
        traceparent: `00-${hide('traceparent')}`,
        baggage: `user=${hide('baggage')}`,
        referer: `http://example.com/${hide('referer')}`,
        'x-forwarded-for': hide('forwarded'),
        'user-agent': hide('agent'),
      }),
    ],
  ]
}

function byQuery(): SecretCall[] {
  const secret = hide('query')
  return [
    ['a search', `/v1/requests?q=${secret}`, {}],
    ['a query', `/v1/requests?password=${secret}`, {}],
    ["LXCA's path", `/certificateSigningRequest?path=${secret}`, {}],
    ['a query of no route', `/no/such/route?token=${secret}`, {}],
    ['a page', `/dashboard/requests?q=${secret}`, {}],
  ]
}

function byBody(): SecretCall[] {
  const form = (fields: Record<string, string>) => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
  const user = { name: 'mira', roles: ['read'], password: hide('new password') }
  const login = { UserId: 'mira', password: user.password }
  return [
    ['a new user', '/v1/accounts/users', json(user)],
    ['a session', '/sessions', json(login)],
    ['a session refused', '/sessions', json({ UserId: 'nobody', password: hide('login') })],
    ['a login', '/dashboard/login', form({ username: 'mira', password: user.password })],
    [
      'a login refused',
      '/dashboard/login',
      form({ username: 'nobody', password: hide('login form') }),
    ],
    [
      'a password where none belongs',
      '/v1/requests',
      json({ password: hide('misplaced'), subject: { commonName: hide('subject') } }),
    ],
    ['no JSON', '/v1/requests', { ...json(''), body: `{"password": "${hide('broken')}` }],
    [
      'a challengePassword of LXCA',
      '/certificateSigningRequest',
      json({ challengePassword: hide('lxca') }),
    ],
  ]
}

const exportable = { custody: 'exportable' }

function byKeys(): SecretCall[] {
  const keyOf = (what: string) => ({ name: hide(`name of ${what}`), privateKey: hidePem(what) })
  const fastly = (key: string) =>
    json({
      data: { type: 'tls_private_key', attributes: { key, name: hide('name of its key') } },
    })
  return [
    ['a key', '/v1/keys', json({ ...keyOf('a key'), ...exportable })],
    [
      'a key that is cut',
      '/v1/keys',
      json({ ...keyOf('cut'), privateKey: hidePem('cut').slice(0, -60) }),
    ],
    ['a key in the wrong field', '/v1/requests', json({ key: { id: hidePem('misplaced key') } })],
    ["a key of Fastly's", '/tls/private_keys', fastly(hidePem('fastly key'))],
    ["no key of Fastly's", '/tls/private_keys', fastly(hide('no key'))],
  ]
}

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
