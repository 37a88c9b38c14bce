import { laneOf } from '@csr-foundry/queue'
import {
  createRequests,
  type LotTicket,
  type NewRequest,
  type RequestIn,
  retryRequest,
} from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { keyNotFound } from './key-errors.ts'
import type { Env, Services } from './services.ts'

/** A request to be recorded; `keyPointer`: where the body names its key. */
export type Submission = NewRequest & { readonly keyPointer?: string }

/** Single requests go before all bulk work. */
const firstOfAll = 0

/**
 * Records a request of the caller and queues its lot; gives it as it was recorded.
 *
 * @throws {ServiceError} `key_not_found`, `queue_full`, `storage_full`
 */
export async function submit(
  services: Services,
  c: Context<Env>,
  { keyPointer, ...request }: Submission,
): Promise<RequestIn<'queued'>> {
  const place = c.get('place')
  const { spec, keyId } = request
  const { algorithm } = spec.key
  const lane = keyId === undefined ? laneOf(algorithm) : 'fast'
  const { firstId: id, ticket } = await createRequests(services.redis, place, {
    requests: [request],
    ...{ lane, priority: firstOfAll },
    ...(place.queuedLimit !== undefined && { queuedLimit: place.queuedLimit }),
  }).catch((error: unknown) => {
    throw isKeyGone(error) && keyId !== undefined ? keyNotFound(keyId, keyPointer) : error
  })
  await addJob(services, c, id, ticket)
  return {
    ...{ id, state: 'queued', spec, algorithm, lane, times: { created: Date.now() } },
    ...(spec.ref !== undefined && { ref: spec.ref }),
    ...(keyId !== undefined && { keyId }),
  }
}

/** Its key was there when the request was put together. */
const isKeyGone = (error: unknown) =>
  error instanceof ServiceError && error.code === 'key_not_found'

/** Queues a failed request again, under the same path id; false where it has not failed. */
export async function submitAgain(
  services: Services,
  c: Context<Env>,
  id: string,
): Promise<boolean> {
  const ticket = await retryRequest(services.redis, c.get('place'), id, firstOfAll)
  if (ticket) await addJob(services, c, id, ticket)
  return ticket !== undefined
}

/** The request is recorded, so it is promised from here on: a job that cannot be added now is added by the sweep. */
async function addJob(
  { queues, log }: Services,
  c: Context<Env>,
  path: string,
  ticket: LotTicket,
): Promise<void> {
  await queues.add(ticket).catch((error: unknown) => {
    const requestId = c.get('requestId')
    log.warn({ requestId, path, lot: ticket.lot, err: error }, 'job not added; the sweep will')
  })
}
