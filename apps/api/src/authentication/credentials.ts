/**
 * What a call brings to say who is calling. Nothing is said in the query, where it would end in logs.
 *
 * Rules: no regular expression looks at a secret, since the engine remembers what it looked at last.
 */
import type { SessionKind } from '@csr-foundry/records'
import { Secret } from '@csr-foundry/service'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Env } from '../services.ts'

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'session'; readonly of: SessionKind; readonly id: Secret }

/** LXCA's name for what holds the id of a session. */
export const sessionCookie = 'JSESSIONID'

/**
 * HTTP Basic (RFC 7617, UTF-8), `Authorization: Bearer`, `Fastly-Key`, or, where `cookies` are taken, an LXCA session; the
 * first of them that is there. Undefined where there is none or it is not well-formed.
 */
export function readCredentials(c: Context<Env>, cookies: boolean): Credentials | undefined {
  const authorization = c.req.header('authorization')
  if (authorization) return fromAuthorization(authorization)
  const token = c.req.header('fastly-key')
  if (token) return { kind: 'token', token: new Secret(token) }
  const session = cookies ? getCookie(c, sessionCookie) : undefined
  return session ? { kind: 'session', of: 'lxca', id: new Secret(session) } : undefined
}

/** What an Authorization header says; undefined where that is nothing, or not well-formed. */
export function fromAuthorization(header: string): Credentials | undefined {
  const blank = header.indexOf(' ')
  const value = header.slice(blank + 1).trim()
  const scheme = header.slice(0, Math.max(0, blank)).toLowerCase()
  if (value === '') return undefined
  if (scheme === 'bearer') return { kind: 'token', token: new Secret(value) }
  return scheme === 'basic' ? fromBasic(value) : undefined
}

function fromBasic(encoded: string): Credentials | undefined {
  const bytes = Buffer.from(encoded, 'base64')
  // Node passes over what is no base64, and two Authorization headers arrive as one with a comma: neither is a wrong password.
  const canonical = bytes.toString('base64')
  if (encoded.padEnd(canonical.length, '=') !== canonical) return undefined
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  const password = new Secret(text.slice(colon + 1))
  return { kind: 'password', username: text.slice(0, colon), password }
}
