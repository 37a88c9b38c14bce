import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { basic, type Service } from './start-service.ts'

const hidden = new Map<string, string>()
/** Others by which a secret is known: keys that were made, tokens and sessions that were given. */
const found = new Map<string, string[]>()

/** A text that must be told to nobody: the same each time for the same place, and safe in a header, a URL and a name. */
export function hide(where: string): string {
  const text = hidden.get(where) ?? `Hidden${randomBytes(12).toString('hex')}`
  hidden.set(where, text)
  return text
}

/** All of them, by where they are, each as it is and as Base64 might have it. */
hide.all = (): [string, string[]][] => [
  ...[...hidden].map(([where, text]): [string, string[]] => [where, [text, ...inBase64(text)]]),
  ...found,
]

/** Base64 of the middle of a text, at each of the three offsets at which it may stand in what is encoded. */
const inBase64 = (text: string) =>
  [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .slice(4, 24),
  )

export type Told = {
  readonly what: string
  readonly status: number
  readonly requestId: string
}

type Init = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
type Call = readonly [what: string, path: string, init: Init]

/** Calls with a secret in each place where a caller has one, or puts one by mistake. */
export async function tellSecrets(service: Service): Promise<Told[]> {
  const token = await givenToken(service)
  const calls: Call[] = [...byHeader(token), ...byQuery(), ...byBody(), ...byKeys()]
  const told: Told[] = []
  for (const call of calls) told.push(await tell(service, call))
  for (const call of await exports(service)) told.push(await tell(service, call))
  return told
}

/** Not by `fetch`, which is held to the OpenAPI document: pages are not in it. */
async function tell(service: Service, [what, path, init]: Call): Promise<Told> {
  const { method = 'GET', headers, body } = init
  const { authorization } = service
  const { promise, resolve, reject } = Promise.withResolvers<Told>()
  const outgoing = request(`${service.url}${path}`, {
    method,
    headers: { authorization, ...headers },
  })
  outgoing.once('error', reject).once('response', async (incoming) => {
    remember(what, incoming.headers['set-cookie'] ?? [], await text(incoming))
    const requestId = String(incoming.headers['x-request-id'])
    resolve({ what, status: incoming.statusCode ?? 0, requestId })
  })
  outgoing.end(body)
  return await promise
}

/** What the service itself gives to a caller alone. */
function remember(what: string, setCookies: readonly string[], body: string): void {
  const cookies = setCookies.map((cookie) => cookie.split(/[=;]/)[1] ?? '')
  const given = /"(?:token|csrf)":"([^"]{20,})"/.exec(body)?.[1]
  const secrets = [...cookies, given ?? ''].filter((text) => /^[\w-]{20,}$/.test(text))
  if (secrets.length > 0) found.set(`what was answered to ${what}`, secrets)
}

async function givenToken(service: Service): Promise<string> {
  const init = json({ name: 'traced', roles: ['submit', 'read'] })
  const response = await service.call('/v1/accounts/tokens', init)
  const { token } = (await response.json()) as { token: string }
  found.set('a token', [token])
  return token
}

function byHeader(token: string): Call[] {
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

function byQuery(): Call[] {
  const secret = hide('query')
  return [
    ['a search', `/v1/requests?q=${secret}`, {}],
    ['a query', `/v1/requests?password=${secret}`, {}],
    ["LXCA's path", `/certificateSigningRequest?path=${secret}`, {}],
    ['a query of no route', `/no/such/route?token=${secret}`, {}],
    ['a page', `/dashboard/requests?q=${secret}`, {}],
  ]
}

function byBody(): Call[] {
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

/** The lines of a PEM that say something, as the log would have to have them. */
function hidePem(what: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const lines = pem.split('\n').filter((line) => line.length > 30 && !line.startsWith('-'))
  found.set(what, lines)
  return pem
}

function hideJwk(what: string): object {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'jwk',
  })
  found.set(what, [jwk.d ?? ''])
  return jwk
}

const exportable = { custody: 'exportable' }

function byKeys(): Call[] {
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

/** Exports go through a worker: one that is made, and one for a reader who sent his private key by mistake. */
async function exports(service: Service): Promise<Call[]> {
  const answer = await service.call('/v1/keys')
  const { keys } = (await answer.json()) as { keys: { id: string; custody: string }[] }
  const id = keys.find(({ custody }) => custody === 'exportable')?.id
  const path = `/v1/keys/${id}/export`
  return [
    ['an export under a password', path, json({ password: hide('export password') })],
    ['an export for a private key', path, json({ recipient: hideJwk('recipient') })],
  ]
}

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
