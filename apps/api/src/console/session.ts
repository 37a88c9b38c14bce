/**
 * The session of somebody who uses the console, in a cookie of its own.
 *
 * Rules: the cookie is for no script and no other site, and is sent over HTTPS alone; browsers take `http://127.0.0.1` and
 * `http://localhost` for as safe. What it holds is of the kind `console`: it counts in no API, and LXCA's session not here.
 */
import { Secret } from '@csr-foundry/service'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { actorOf } from '../authentication/actor-of.ts'
import type { Caller } from '../authentication/caller.ts'
import type { Credentials } from '../authentication/credentials.ts'
import { csrfOf } from '../authentication/csrf.ts'
import type { Env, Services } from '../services.ts'

/** `__Host-` is put before it: browsers take such a cookie from no other host, and only with `Secure`. */
const cookie = 'csr-foundry-session'

const options = { path: '/', httpOnly: true, sameSite: 'Strict', prefix: 'host' } as const

/** The session that a call brings, if it brings one; whether it counts is the authenticator's to say. */
export function readConsoleSession(
  c: Context<Env>,
): Extract<Credentials, { kind: 'session' }> | undefined {
  const id = getCookie(c, cookie, 'host')
  return id ? { kind: 'session', of: 'console', id: new Secret(id) } : undefined
}

/** What the forms of this session bring along; empty where there is none. */
export function csrfOfSession(c: Context<Env>): string {
  const session = readConsoleSession(c)
  return session ? csrfOf(session.id) : ''
}

/** Begins a session of one who has logged in. @throws {ServiceError} `writes_throttled`, `storage_full` */
export async function startConsoleSession(
  { authenticator, writeLimit }: Services,
  c: Context<Env>,
  caller: Caller,
): Promise<void> {
  await writeLimit.count(caller)
  const place = { ...caller.place, actor: actorOf(c, caller) }
  const { id } = await authenticator.startSession(caller, place, 'console')
  setCookie(c, cookie, id, { ...options, secure: true })
}

/** Ends the session of the call, everywhere. */
export async function endConsoleSession(
  { authenticator }: Services,
  c: Context<Env>,
): Promise<void> {
  const session = readConsoleSession(c)
  if (session) await authenticator.endSession(c.get('place'), session.id.reveal(), 'console')
  deleteCookie(c, cookie, { ...options, secure: true })
}

/** Lets only those through who have logged in. @throws {ServiceError} `credentials_invalid` */
export const requireConsoleSession = (services: Services) =>
  createMiddleware<Env>(async (c, next) => {
    const session = readConsoleSession(c)
    const caller = await services.authenticator.authenticate(session, c.get('address') ?? '')
    c.set('caller', caller)
    c.set('principal', caller.principal)
    c.set('place', { ...caller.place, actor: actorOf(c, caller) })
    await next()
  })
