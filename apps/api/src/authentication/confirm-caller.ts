import type { Context } from 'hono'
import type { Env } from '../services.ts'
import { actorOf } from './actor-of.ts'
import type { Caller } from './caller.ts'
import { roleMissing } from './role-missing.ts'

/**
 * Looks once more whether the caller may do what he has asked for; to be called after all that takes a while, and before
 * anything is changed. A client can take a minute to send its body: what let him in may be gone by then.
 *
 * It costs no round trip while every change of an account is heard of.
 *
 * @throws {ServiceError} `credentials_invalid`, `role_missing`
 */
export async function confirmCaller(c: Context<Env>): Promise<void> {
  const caller: Caller | undefined = c.get('caller')
  // Where anybody may call there is none.
  if (!caller) return
  const now = await caller.confirm()
  const needed = c.get('roleNeeded')
  if (needed !== undefined && !now.principal.roles.includes(needed)) throw roleMissing(needed)
  c.set('caller', now)
  c.set('principal', now.principal)
  c.set('place', { ...now.place, actor: actorOf(c, now) })
}
