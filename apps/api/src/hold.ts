import { type RequestRecord, readRequest, type TenantPlace } from '@csr-foundry/records'
import type { Services } from './services.ts'

/** Reads a request; while it is queued or running, holds the call until it has settled or the time is over. */
export async function readSettled(
  { redis, heldCalls }: Services,
  place: TenantPlace,
  id: string,
  { milliseconds, left }: { milliseconds: number; left: AbortSignal },
): Promise<RequestRecord | undefined> {
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
