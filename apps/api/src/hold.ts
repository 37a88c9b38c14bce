import type { HeldCall } from '@csr-foundry/queue'
import { type RequestRecord, readRequest, redisTrouble } from '@csr-foundry/records'
import type { Context } from 'hono'
import type { Caller } from './authentication/caller.ts'
import { roleMissing } from './authentication/role-missing.ts'
import type { Env, Services } from './services.ts'

/**
 * Reads a request of the caller; while it is queued or running, holds the call until it has settled or the time is over.
 *
 * @throws {ServiceError} `credentials_invalid`, `role_missing` as soon as the caller has lost what let him in
 */
export async function readSettled(
  services: Services,
  c: Context<Env>,
  id: string,
  milliseconds: number,
): Promise<RequestRecord | undefined> {
  const { redis, heldCalls } = services
  const place = c.get('place')
  // Most have settled when they are asked for: these need no place among the held calls.
  const first = await readRequest(redis, place, id)
  if (first?.state !== 'queued' || milliseconds === 0) return first
  // Registered before the record is read again: a result that comes in between wakes the call.
  const held = heldCalls.register(place, id)
  try {
    const record = await readRequest(redis, place, id)
    if (record?.state !== 'queued' || !held) return record
    const isThere = await waitHeld(services, c, held, milliseconds)
    return isThere ? await readRequest(redis, place, id) : record
  } finally {
    held?.release()
  }
}

/**
 * Waits until what a call is held for has come, or the time is over; false where the client has left.
 *
 * @throws {ServiceError} `credentials_invalid`, `role_missing` as soon as the caller has lost what let him in
 */
export async function waitHeld(
  { authenticator }: Services,
  c: Context<Env>,
  held: HeldCall,
  milliseconds: number,
): Promise<boolean> {
  const caller = c.get('caller')
  const left = c.req.raw.signal
  const watch = authenticator.watch(caller, (now) => lostRole(c, now) === undefined)
  try {
    await held.wait(milliseconds, left, watch.signal)
  } finally {
    watch.release()
  }
  if (left.aborted) return false
  const lost = lostRole(c, await caller.confirm())
  if (lost !== undefined) throw roleMissing(lost)
  return true
}

/**
 * As {@link readSettled}, for the request that this very call has recorded. While Redis is away it is told of as it was
 * recorded: whoever was told 503 would ask again, and have two.
 */
export async function readSubmitted(
  services: Services,
  c: Context<Env>,
  submitted: RequestRecord,
  milliseconds: number,
): Promise<RequestRecord | undefined> {
  // Who does not wait is told of what he handed in, not of what may have become of it since.
  if (milliseconds === 0) return submitted
  try {
    return await readSettled(services, c, submitted.id, milliseconds)
  } catch (error) {
    if (redisTrouble(error) === undefined) throw error
    return submitted
  }
}

function lostRole(c: Context<Env>, { principal }: Caller) {
  const needed = c.get('roleNeeded')
  return needed === undefined || principal.roles.includes(needed) ? undefined : needed
}
