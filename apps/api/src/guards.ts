import type { Role } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { actorOf } from './authentication/actor-of.ts'
import { clientUrl } from './authentication/client-address.ts'
import { confirmCaller } from './authentication/confirm-caller.ts'
import { readCredentials } from './authentication/credentials.ts'
import { isCsrfOf } from './authentication/csrf.ts'
import { limitReads } from './authentication/read-limit.ts'
import { roleMissing } from './authentication/role-missing.ts'
import { isSafe } from './authentication/safe-methods.ts'
import { limitWrites } from './authentication/write-limit.ts'
import { inTurn } from './in-turn.ts'
import type { Env, Services } from './services.ts'

const usualBodyBytes = 64 * 1024

export type Protection = {
  readonly bodyBytes?: number
  /** Whether sessions in LXCA's cookies count here. */
  readonly cookies?: boolean
  /** The path whose endpoint reads the body as a stream, and sees to its size and to who sends it. */
  readonly streamedAt?: string
  /** For calls that anybody may make, such as logging in. */
  readonly anonymous?: boolean
}

/**
 * What stands before every endpoint: no other site's page, a caller who is known and does not write too much, and a body of a
 * size that is read.
 */
export function protect(
  services: Services,
  { bodyBytes = usualBodyBytes, streamedAt, cookies = false, anonymous = false }: Protection = {},
) {
  const limitBody = bodyLimit({
    maxSize: bodyBytes,
    onError: () => {
      const detail = `The body has more than ${bodyBytes} bytes.`
      throw new ServiceError('body_too_large', { detail })
    },
  })
  const ofCallers = anonymous ? [] : [requireCaller(services, cookies), limitWrites(services)]
  const guards = [refuseOtherSites(services), ...ofCallers]
  const writing = inTurn([...guards, limitBody, requireStillCaller])
  const streaming = inTurn(guards)
  const reading = inTurn(anonymous ? [] : [requireCaller(services, cookies), limitReads(services)])
  // Reading needs neither of the others, and to ask a GET for its body makes a whole Request of it, which
  // costs more than all the rest.
  return createMiddleware<Env>((c, next) => {
    if (isSafe(c.req.method)) return reading(c, next)
    return (c.req.path === streamedAt ? streaming : writing)(c, next)
  })
}

/** Lets only callers with credentials that count through. A session needs its CSRF token to change anything. */
export const requireCaller = (services: Services, cookies = false) =>
  createMiddleware<Env>(async (c, next) => {
    const credentials = readCredentials(c, cookies)
    const caller = await services.authenticator.authenticate(credentials, c.get('address') ?? '')
    if (credentials?.kind === 'session' && !isSafe(c.req.method)) {
      if (!isCsrfOf(credentials.id, c.req.header('x-csrf-token'))) {
        throw new ServiceError('csrf_token_missing')
      }
    }
    c.set('caller', caller)
    c.set('principal', caller.principal)
    c.set('place', { ...caller.place, actor: actorOf(c, caller) })
    await next()
  })

/** A body without a length has been read by now, however long it took; one with a length is read by who needs it. */
const requireStillCaller = createMiddleware<Env>(async (c, next) => {
  await confirmCaller(c)
  await next()
})

export const requireRole = (role: Role) =>
  createMiddleware<Env>((c, next) => {
    c.set('roleNeeded', role)
    if (!c.get('principal').roles.includes(role)) throw roleMissing(role)
    return next()
  })

/**
 * Refuses changes that a page of another site asks for, unless CORS allows its origin: a browser sends its stored Basic
 * credentials with them by itself.
 * Clients that are not browsers send neither header.
 */
export const refuseOtherSites = (services: Services) =>
  createMiddleware<Env>((c, next) => {
    const isOwn = isSafe(c.req.method) || c.get('originAllowed')
    if (!isOwn && isFromOtherSite(c.req.raw, () => clientUrl(services, c))) {
      throw new ServiceError('origin_refused')
    }
    return next()
  })

function isFromOtherSite({ headers }: Request, own: () => URL): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  if (origin === null) return false
  return !URL.canParse(origin) || new URL(origin).host !== own().host
}

/** For the methods that a known path does not have. */
export const onlyMethods = (...allow: string[]) =>
  createMiddleware<Env>(async (c) => {
    const detail = `${c.req.method} is not supported here; supported are ${allow.join(', ')}.`
    throw new ServiceError('operation_not_supported', { allow, detail })
  })
