/**
 * The way of the call that is made more often than all others: a GET of a request that is ready, by somebody who is known.
 * Clients poll, and the whole application costs such a call twice what its own work does.
 *
 * Rules: it answers what the application would, to the last header, and writes the same line; a test compares them. Whatever
 * is unusual about a call, its caller or its request goes to the application, which decides anew: here nothing is refused.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RequestIn, readReady } from '@csr-foundry/records'
import type { Caller } from '../authentication/caller.ts'
import { plainAddress } from '../authentication/client-address.ts'
import { fromAuthorization } from '../authentication/credentials.ts'
import { logCall } from '../log-calls.ts'
import { callFigures } from '../metrics/call-figures.ts'
import type { Services } from '../services.ts'

/** What a dialect says of a ready request at one of its URLs. */
export type Shortcut = {
  /** The route as it is counted; see metrics/call-figures.ts. */
  readonly route: string
  /** The path and the query, as they arrive; its first group that matches is the request's id. */
  readonly url: RegExp
  readonly answer: (record: RequestIn<'ready'>) => {
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

/** Answers a call, with these headers (name, value, name, …) before its own, and gives true; or gives false and has done nothing. */
export type TakeShortcut = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  headers: readonly string[],
) => Promise<boolean> | false

type Found = Pick<Shortcut, 'answer' | 'route'> & { readonly id: string; readonly caller: Caller }

export function takeShortcut(services: Services, shortcuts: readonly Shortcut[]): TakeShortcut {
  return (incoming, outgoing, headers) => {
    const started = performance.now()
    const found = services.draining() ? undefined : findShortcut(services, shortcuts, incoming)
    return found !== undefined && answer(services, { incoming, outgoing, headers, started }, found)
  }
}

type Call = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly headers: readonly string[]
  readonly started: number
}

async function answer(services: Services, call: Call, { caller, id, answer, route }: Found) {
  const { incoming, outgoing, started } = call
  // One read too many is refused by the application, which counts again.
  await services.readLimit.count(caller)
  // Redis that is away is told of by the application, which asks again.
  const record = await readReady(services.redis, caller.place, id).catch(() => undefined)
  if (!record) {
    await services.readLimit.uncount(caller)
    return false
  }
  const requestId = randomUUID()
  send(outgoing, [...call.headers, 'X-Request-Id', requestId], answer(record))
  const [path = '', query = ''] = (incoming.url ?? '').split('?')
  logCall(services.log, started, {
    ...{ requestId, method: 'GET', path, status: 200 },
    csrPath: query.startsWith('path=') ? id : undefined,
    address: plainAddress(incoming.socket.remoteAddress),
    principal: caller.principal,
  })
  callFigures(services).count(route, 200, performance.now() - started)
  return true
}

/** All headers at once: to set one by one costs Node as much again. */
function send(
  outgoing: ServerResponse,
  all: string[],
  { headers, body }: ReturnType<Shortcut['answer']>,
): void {
  for (const name in headers) all.push(name, headers[name] ?? '')
  const length = Buffer.byteLength(body)
  all.push('Content-Length', String(length))
  // What is ASCII alone has the same bytes in both, and is written faster.
  outgoing.writeHead(200, all).end(body, length === body.length ? 'latin1' : 'utf8')
}

function findShortcut(
  services: Services,
  shortcuts: readonly Shortcut[],
  incoming: IncomingMessage,
): Found | undefined {
  if (incoming.method !== 'GET') return undefined
  for (const { url, answer, route } of shortcuts) {
    const match = url.exec(incoming.url ?? '')
    if (!match) continue
    const caller = knownReader(services, incoming)
    return caller && { caller, answer, route, id: match[1] ?? match[2] ?? '' }
  }
  return undefined
}

function knownReader({ authenticator }: Services, incoming: IncomingMessage): Caller | undefined {
  const authorization = onlyAuthorization(incoming)
  if (authorization === undefined) return undefined
  const credentials = fromAuthorization(authorization)
  const caller = credentials && authenticator.known(credentials)
  return caller?.principal.roles.includes('read') ? caller : undefined
}

/** Headers that change nothing in an answer, and of those that may the values that do not. */
const harmless = new Map<string, RegExp | undefined>([
  ['host', /^[\w.-]+(:\d{1,5})?$/],
  ['accept', /^(\*\/\*|application\/json)$/],
  ['connection', /^keep-alive$/i],
  ...['user-agent', 'accept-encoding', 'accept-language', 'content-type'].map(
    (name) => [name, undefined] as const,
  ),
])

/** The Authorization of a call, where it is there once and all other headers are harmless. */
function onlyAuthorization({ rawHeaders }: IncomingMessage): string | undefined {
  let authorization: string | undefined
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at]?.toLowerCase() ?? '', rawHeaders[at + 1] ?? '']
    const isFirst = name === 'authorization' && authorization === undefined
    if (isFirst) authorization = value
    else if (!isHarmless(name, value)) return undefined
  }
  return authorization
}

const isHarmless = (name: string, value: string) =>
  harmless.has(name) && harmless.get(name)?.test(value) !== false
