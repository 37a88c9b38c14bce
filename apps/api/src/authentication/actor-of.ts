import type { Actor } from '@csr-foundry/records'
import type { Context } from 'hono'
import type { Env } from '../services.ts'
import type { Caller } from './caller.ts'

/** A caller as the audit names him: within his tenant, where his call comes from, and which it is. */
export function actorOf(c: Context<Env>, { id, place }: Caller): Actor {
  return {
    by: id.slice(place.tenant.length + 1),
    from: c.get('address') ?? '',
    call: c.get('requestId'),
  }
}
