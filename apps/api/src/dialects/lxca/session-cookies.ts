/**
 * The cookies of a session, by the names that LXCA's clients know.
 *
 * Rules: only `JSESSIONID` proves anything, and no script may read it. `csrf` is for scripts to read and to send back in
 * the header X-Csrf-Token, which another site's page cannot. `inactivityTimeout` (minutes) and `user` are for showing.
 */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'
import { clientUrl } from '../../authentication/client-address.ts'
import { sessionCookie } from '../../authentication/credentials.ts'
import type { Env, Services } from '../../services.ts'

const shownCookies = ['csrf', 'inactivityTimeout', 'user'] as const

export function setSessionCookies(
  services: Services,
  c: Context<Env>,
  id: string,
  shown: Readonly<Record<(typeof shownCookies)[number], string>>,
): void {
  const options = optionsFor(services, c)
  setCookie(c, sessionCookie, id, { ...options, httpOnly: true })
  for (const name of shownCookies) setCookie(c, name, shown[name], options)
}

export function clearSessionCookies(services: Services, c: Context<Env>): void {
  const options = optionsFor(services, c)
  for (const name of [sessionCookie, ...shownCookies]) deleteCookie(c, name, options)
}

export const sessionIdOf = (c: Context<Env>): string | undefined => getCookie(c, sessionCookie)

/** Without an end of their own: the session's is the service's business. */
const optionsFor = (services: Services, c: Context<Env>): CookieOptions => ({
  path: '/',
  sameSite: 'Strict',
  secure: clientUrl(services, c).protocol === 'https:',
})
