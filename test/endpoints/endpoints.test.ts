/** Every endpoint: crossed with everybody who could call it, and called as nobody should. */
import { type Role, roles } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTenant } from '../e2e/make-tenant.ts'
import { jsonInit } from '../e2e/start-service.ts'
import { fuzzService } from '../fuzz/api/run-api-fuzz.ts'
import { routes } from '../openapi/document.ts'
import { makeToken, nothing, thingsFor } from './callers.ts'
import type { Endpoint, Things } from './endpoint.ts'
import { aboutOneself } from './endpoints/about-oneself.ts'
import { endpoints } from './endpoints.ts'
import { redis, service, start, stop } from './served.ts'

leakGuard()

const tenantRoles = ['submit', 'read', 'export', 'audit', 'admin'] as const

/** What each sends to be known; the last two are no longer. */
const credentials = new Map<Role | 'stranger' | 'expired' | 'revoked' | 'nobody', string>()

beforeAll(async () => {
  await start()
  for (const role of roles) credentials.set(role, (await makeToken(service, [role])).authorization)
  const { authorization } = await makeTenant(service, 'rival')
  const stranger = await makeToken(service, tenantRoles, { authorization })
  credentials.set('stranger', stranger.authorization)
  const revoked = await makeToken(service, roles)
  credentials.set('revoked', revoked.authorization)
  const path = `/v1/accounts/tokens/${revoked.id}`
  expect((await service.call(path, { method: 'DELETE' })).status).toBe(204)
  const expires = new Date(Date.now() + 1_000).toISOString()
  credentials.set('expired', (await makeToken(service, roles, { expires })).authorization)
  await new Promise((wake) => setTimeout(wake, 1_100))
})
afterAll(stop)

// First: they speak of the request 1.
describe('the examples', async () => {
  await import('./examples.ts')
})

test("the table has every route of the application but the files of the docs' page, and no other", () => {
  const calls = routes.filter((route) => !/^GET \/docs\/.*\.(js|css|png)$/.test(route))
  const known = calls.map((route) => route.replaceAll(/\{(\w+)\}/g, ':$1'))
  expect([...endpoints, ...aboutOneself].map(nameOf).toSorted()).toEqual(known.toSorted())
})

const whoMay = (needs: Endpoint['needs']) =>
  ({ nothing: 'everybody', caller: 'every caller' })[needs as string] ?? `${needs} alone`

describe.each(endpoints)('$method $route', (endpoint) => {
  const { needs, answers } = endpoint
  const open = needs === 'nothing'

  test(`is for ${whoMay(needs)}`, async () => {
    const may = (role: Role) => open || needs === 'caller' || needs === role
    const expected = [
      ...roles.map((role) => [role, may(role) ? answers : 403]),
      ...['expired', 'revoked', 'nobody'].map((who) => [who, open ? answers : 401]),
    ]
    const found: unknown[] = []
    for (const role of roles) {
      const things = may(role) ? await thingsFor(endpoint, service, redis) : nothing()
      found.push([role, (await send(endpoint, things, credentials.get(role))).status])
    }
    for (const who of ['expired', 'revoked', 'nobody'] as const) {
      found.push([who, (await send(endpoint, nothing(), credentials.get(who))).status])
    }
    expect(found).toEqual(expected)
  })

  const { about } = endpoint
  if (!about) return
  test('tells another tenant what it tells of nothing', async () => {
    const theirs = await thingsFor(endpoint, service, redis)
    const authorization = credentials.get('stranger')
    const answer = await send(endpoint, theirs, authorization)
    const ofNothing = await send(endpoint, nothing(), authorization)
    expect(answer.status).toBe(needs === 'tenants' || needs === 'operate' ? 403 : 404)
    expect(comparable(answer, theirs[about])).toEqual(comparable(ofNothing, nothing()[about]))
    // And it is still there.
    const own = await send(endpoint, theirs, undefined, true)
    expect(own.status).toBe(answers)
  })
})

test('the lists of another tenant have nothing of this one', async () => {
  const authorization = credentials.get('stranger') ?? ''
  for (const about of ['request', 'keptKey', 'user'] as const) {
    await thingsFor({ about }, service, redis)
  }
  const lists = ['/v1/requests', '/v1/keys', '/tls/private_keys', '/tasks']
  const found = lists.concat('/tls/certificate_signing_requests').map(async (path) => {
    const response = await fetch(`${service.url}${path}`, { headers: { authorization } })
    const list = (await response.json()) as Record<string, unknown>
    // An array has keys as well, of another kind.
    const listed = Array.isArray(list) ? list : (list.requests ?? list.keys ?? list.data)
    return { path, listed }
  })
  for (const { path, listed } of await Promise.all(found)) expect(listed, path).toEqual([])
})

test("a CSR for another tenant's key is one for a key that never was", async () => {
  const { keptKey } = await thingsFor({ about: 'keptKey' }, service, redis)
  const authorization = credentials.get('stranger') ?? ''
  const answers = [keptKey, nothing().keptKey].map(async (id) => {
    const { headers, ...init } = jsonInit('POST', { subject: { CN: 'a' }, key: { id } })
    const all = { ...init, headers: { ...headers, authorization } }
    const response = await fetch(`${service.url}/v1/requests`, all)
    const { requestId: _, ...problem } = (await response.json()) as Record<string, unknown>
    return JSON.stringify(problem).replace(`key ${id} `, 'key … ')
  })
  const [ofTheirs, ofNothing] = await Promise.all(answers)
  expect(ofTheirs).toContain('key_not_found')
  expect(ofTheirs).toBe(ofNothing)
})

/** A good call of each endpoint. Made once: what is refused takes nothing away of what it is about. */
let goodCalls: [Endpoint, Things][] | undefined

async function callsOfAll(): Promise<[Endpoint, Things][]> {
  const calls: [Endpoint, Things][] = []
  for (const one of endpoints) calls.push([one, await thingsFor(one, service, redis)])
  return calls
}

// The replica first: it refuses all writes, and a Redis that is full still deletes.
test.each([
  ['a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ['full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
] as const)(
  'while Redis refuses to write, as it is %s, each answers as ever, or 503 with Retry-After',
  async (_, [refuse, ...refusing], [take, ...taking]) => {
    goodCalls ??= await callsOfAll()
    const odd: unknown[] = []
    const refused: string[] = []
    await redis.call(refuse, ...refusing)
    try {
      for (const [endpoint, things] of goodCalls) {
        const { status, headers, body } = await send(endpoint, things, undefined, true)
        if (status === 503 && Number(headers['retry-after']) > 0) refused.push(nameOf(endpoint))
        else if (status !== endpoint.answers) odd.push([nameOf(endpoint), status, body])
      }
    } finally {
      await redis.call(take, ...taking)
    }
    // That there is no room is believed for a second.
    const post = jsonInit('POST', { subject: { commonName: 'again.example.com' } })
    await expect
      .poll(async () => (await service.call('/v1/requests', post)).status, { timeout: 5_000 })
      .toBe(202)
    expect(odd).toEqual([])
    // What leaves an entry in the audit writes as well.
    expect(refused.filter((name) => name.startsWith('GET ')).toSorted()).toEqual(readsThatWrite)
    expect(refused).toContain('POST /v1/requests')
  },
)

const readsThatWrite = [
  ...['/readyz', '/tls/private_keys', '/tls/private_keys/:id'],
  ...['/v1/audit', '/v1/audit/seal', '/v1/keys', '/v1/keys/:id'],
].map((route) => `GET ${route}`)

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)

// Last: good calls are among them, which take away what they find.
test(`1,000 hostile calls are answered as the dialects say, and nothing dies of them (FUZZ_SEED=${seed})`, async () => {
  const { faults, ailments } = await fuzzService(service, redis, { count: 1_000, seed })
  const shown = faults.slice(0, 5)
  expect(
    shown.map(({ what, call }) => ({ what, call: JSON.stringify(call).slice(0, 600) })),
  ).toEqual([])
  expect(ailments).toEqual([])
})

type Answer = { status: number; headers: Record<string, string>; body: string }

async function send(
  endpoint: Endpoint,
  things: Things,
  authorization: string | undefined,
  asAdministrator = false,
): Promise<Answer> {
  const { path, body, headers } = endpoint.call(things)
  const init: RequestInit = {
    method: endpoint.method,
    redirect: 'manual',
    headers: {
      ...headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(authorization && { authorization }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  const response = asAdministrator
    ? await service.call(path, init)
    : await fetch(`${service.url}${path}`, init)
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  }
}

/** An answer without what belongs to this very call: its id, its times, and the name that was asked for. */
function comparable({ status, headers, body }: Answer, name: string) {
  const own = body.replaceAll(headers['x-request-id'] ?? '', '…')
  const ofThisCall = ['date', 'x-request-id', 'content-length', 'fastly-ratelimit-reset']
  const rest = Object.entries(headers).filter(([header]) => !ofThisCall.includes(header))
  return {
    status,
    headers: Object.fromEntries(rest),
    body: own.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), '…'),
  }
}

const nameOf = ({ method, route }: Pick<Endpoint, 'method' | 'route'>) => `${method} ${route}`
