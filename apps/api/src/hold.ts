import { type RequestRecord, readRequest } from '@csr-foundry/records'
import type { Context } from 'hono'
import type { Caller } from './authentication/caller.ts'
import type { Watch } from './authentication/caller-watches.ts'
import { roleMissing } from './guards.ts'
import type { Env, Services } from './services.ts'

/**
 * Reads a request of the caller; while it is queued or running, holds the call until it has settled or the time is over.
 *
 * @throws {ServiceError} `credentials_invalid`, `role_missing` as soon as the caller has lost what let him in
 */
export async function readSettled(
  { redis, heldCalls, authenticator }: Services,
  c: Context<Env>,
  id: string,
  milliseconds: number,
): Promise<RequestRecord | undefined> {
  const place = c.get('place')
  const caller = c.get('caller')
  const left = c.req.raw.signal
  // Registered before the record is read: a result that comes in between wakes the call.
  const held = milliseconds > 0 ? heldCalls.register(place, id) : undefined
  let watch: Watch | undefined
  try {
    const record = await readRequest(redis, place, id)
    if (record?.state !== 'queued' || !held) return record
    watch = authenticator.watch(caller, (now) => lostRole(c, now) === undefined)
    await held.wait(milliseconds, left, watch.signal)
    if (left.aborted) return record
    const lost = lostRole(c, await caller.confirm())
    if (lost !== undefined) throw roleMissing(lost)
    return await readRequest(redis, place, id)
  } finally {
    watch?.release()
    held?.release()
  }
}

function lostRole(c: Context<Env>, { principal }: Caller) {
  const needed = c.get('roleNeeded')
  return needed === undefined || principal.roles.includes(needed) ? undefined : needed
}
