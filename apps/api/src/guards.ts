import type { Role } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { bodyLimit } from 'hono/body-limit'
import { every } from 'hono/combine'
import { createMiddleware } from 'hono/factory'
import { auth } from 'hono/utils/basic-auth'
import type { Env, Services } from './services.ts'

const usualBodyBytes = 64 * 1024

/** What stands before every endpoint: no other site's page, a caller who is known, and a body of a size that is read. */
export const protect = (services: Services, { bodyBytes = usualBodyBytes } = {}) =>
  every(
    refuseOtherSites,
    requireCaller(services),
    bodyLimit({
      maxSize: bodyBytes,
      onError: () => {
        const detail = `The body has more than ${bodyBytes} bytes.`
        throw new ServiceError('body_too_large', { detail })
      },
    }),
  )

/** Lets only callers with a valid user name and password through (RFC 7617, UTF-8). */
export const requireCaller = ({ authenticator }: Services) =>
  createMiddleware<Env>(async (c, next) => {
    const { principal, place } = await authenticator.authenticate(auth(c.req.raw))
    c.set('principal', principal)
    c.set('place', place)
    await next()
  })

export const requireRole = (role: Role) =>
  createMiddleware<Env>(async (c, next) => {
    if (!c.get('principal').roles.includes(role)) {
      throw new ServiceError('role_missing', { detail: `This operation needs the role ${role}.` })
    }
    await next()
  })

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that a page of another site asks for: a browser sends its stored Basic credentials with them by itself.
 * Clients that are not browsers send neither header.
 */
export const refuseOtherSites = createMiddleware<Env>(async (c, next) => {
  if (!safeMethods.has(c.req.method) && isFromOtherSite(c.req.raw)) {
    throw new ServiceError('origin_refused')
  }
  await next()
})

function isFromOtherSite({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin' && site !== 'none'
  const origin = headers.get('origin')
  if (origin === null) return false
  return !URL.canParse(origin) || new URL(origin).host !== new URL(url).host
}

/** For the methods that a known path does not have. */
export const onlyMethods = (...allow: string[]) =>
  createMiddleware<Env>(async (c) => {
    const detail = `${c.req.method} is not supported here; supported are ${allow.join(', ')}.`
    throw new ServiceError('operation_not_supported', { allow, detail })
  })
