import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { noteSecret } from './hidden-secrets.ts'
import { exportCalls, type SecretCall, secretCalls } from './secret-calls.ts'
import { jsonInit, type Service } from './start-service.ts'

export type Told = {
  readonly what: string
  readonly status: number
  readonly requestId: string
}

/** Makes every call that has a secret, and hides what is answered to its caller alone. */
export async function tellSecrets(service: Service): Promise<Told[]> {
  const token = await givenToken(service)
  const told: Told[] = []
  for (const call of secretCalls(token)) told.push(await tell(service, call))
  for (const call of await exportCalls(service)) told.push(await tell(service, call))
  return told
}

/** Not by `fetch`, which is held to the OpenAPI document: pages are not in it. */
async function tell(service: Service, [what, path, init]: SecretCall): Promise<Told> {
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
  if (secrets.length > 0) noteSecret(`what was answered to ${what}`, secrets)
}

async function givenToken(service: Service): Promise<string> {
  const init = jsonInit('POST', { name: 'traced', roles: ['submit', 'read'] })
  const response = await service.call('/v1/accounts/tokens', init)
  const { token } = (await response.json()) as { token: string }
  noteSecret('a token', [token])
  return token
}
