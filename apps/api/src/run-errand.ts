import type { HeldCall } from '@csr-foundry/queue'
import {
  createErrand,
  type ErrandEnd,
  errandName,
  type NewErrand,
  takeErrand,
  tenantKeys,
} from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { waitHeld } from './hold.ts'
import type { Env, Services } from './services.ts'
import { addJob } from './submit.ts'

const longestWaitMs = 55_000
const retryAfter = 5

/**
 * Has a worker do what the call asks for, and waits for it.
 *
 * @returns what the worker made of it, which is nowhere else any more
 * @throws {ServiceError} `key_not_found`, `key_not_exportable`, `errands_throttled`, `storage_full`; `unavailable` where no
 *   worker did it in time; what the worker failed with
 */
export async function runErrand(
  services: Services,
  c: Context<Env>,
  errand: NewErrand,
): Promise<string> {
  // Before anything is asked of a worker: who cannot wait has no use for it.
  let held = register(services, c, errand)
  if (!held) throw new ServiceError('errands_throttled', { retryAfter })
  const latest = Date.now() + longestWaitMs
  try {
    const ticket = await createErrand(services.redis, c.get('place'), errand)
    addJob(services, c, errand.about, ticket)
    for (;;) {
      const isThere = await waitHeld(services, c, held, Math.max(0, latest - Date.now()))
      if (!isThere) return resultOf({ state: 'queued' })
      // Woken too early, as by a look from before the errand was there, it waits again.
      held.release()
      held = register(services, c, errand)
      const end = await takeErrand(services.redis, c.get('place'), errand)
      // A process that stops holds no more calls.
      if (end.state !== 'queued' || !held || Date.now() >= latest) return resultOf(end)
    }
  } finally {
    held?.release()
  }
}

function register(
  { heldCalls }: Services,
  c: Context<Env>,
  errand: NewErrand,
): HeldCall | undefined {
  const place = c.get('place')
  const { errand: keyOf } = tenantKeys(place.shard, place.tenant)
  return heldCalls.register(place, errandName(errand), keyOf(errand.kind, errand.id))
}

function resultOf(end: ErrandEnd | { readonly state: 'queued' | 'gone' }): string {
  if (end.state === 'done') return end.result
  if (end.state === 'failed') {
    throw new ServiceError(end.problem.code, { detail: end.problem.detail })
  }
  throw new ServiceError('unavailable', { detail: 'No worker did it in time.', retryAfter })
}
