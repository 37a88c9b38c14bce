import { type RequestIn, type RequestRecord, readRequest, redisTrouble } from '@csr-foundry/records'
import type { Context } from 'hono'
import type { Caller } from './authentication/caller.ts'
import type { Watch } from './authentication/caller-watches.ts'
import { roleMissing } from './authentication/role-missing.ts'
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
  // Most have settled when they are asked for: these need no place among the held calls.
  const first = await readRequest(redis, place, id)
  if (first?.state !== 'queued' || milliseconds === 0) return first
  const caller = c.get('caller')
  const left = c.req.raw.signal
  // Registered before the record is read again: a result that comes in between wakes the call.
  const held = heldCalls.register(place, id)
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

/**
 * As {@link readSettled}, for the request that this very call has recorded. While Redis is away it is told of as it was
 * recorded: whoever was told 503 would ask again, and have two.
 */
export async function readSubmitted(
  services: Services,
  c: Context<Env>,
  submitted: RequestIn<'queued'>,
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
