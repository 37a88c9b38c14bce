import { type RequestRecord, readRequest } from '@csr-foundry/records'
import type { Context } from 'hono'
import type { Env, Services } from './services.ts'

/** Reads a request of the caller; while it is queued or running, holds the call until it has settled or the time is over. */
export async function readSettled(
  { redis, heldCalls }: Services,
  c: Context<Env>,
  id: string,
  milliseconds: number,
): Promise<RequestRecord | undefined> {
  const place = c.get('place')
  const left = c.req.raw.signal
  // Registered before the record is read: a result that comes in between wakes the call.
  const held = milliseconds > 0 ? heldCalls.register(place, id) : undefined
  try {
    const record = await readRequest(redis, place, id)
    if (record?.state !== 'queued' || !held) return record
    await held.wait(milliseconds, left)
    if (left.aborted) return record
    return await readRequest(redis, place, id)
  } finally {
    held?.release()
  }
}
