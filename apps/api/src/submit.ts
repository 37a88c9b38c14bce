import { laneOf } from '@csr-foundry/queue'
import {
  createRequests,
  type LotTicket,
  type NewRequest,
  type RequestRecord,
  readRequest,
  retryRequest,
} from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { onceOf } from './idempotency.ts'
import { keyNotFound } from './key-errors.ts'
import type { Env, Services } from './services.ts'

/** A request to be recorded; `keyPointer`: where the body names its key. */
export type Submission = NewRequest & { readonly keyPointer?: string }

/** Single requests go before all bulk work. */
const firstOfAll = 0

/**
 * Records a request of the caller and queues its lot; gives it as it was recorded. Made again with the same Idempotency-Key,
 * a call gives the request of the first.
 *
 * @throws {ServiceError} `idempotency_key_reused`, `request_gone`, `key_not_found`, `queue_full`, `storage_full`
 */
export async function submit(
  services: Services,
  c: Context<Env>,
  { keyPointer, ...request }: Submission,
): Promise<RequestRecord> {
  const place = c.get('place')
  const { spec, keyId } = request
  const { algorithm } = spec.key
  const lane = keyId === undefined ? laneOf(algorithm) : 'fast'
  const once = await onceOf(c)
  const { firstId: id, ticket } = await createRequests(services.redis, place, {
    requests: [request],
    ...{ lane, priority: firstOfAll, once },
    ...(place.queuedLimit !== undefined && { queuedLimit: place.queuedLimit }),
  }).catch((error: unknown) => {
    throw isKeyGone(error) && keyId !== undefined ? keyNotFound(keyId, keyPointer) : error
  })
  c.set('csrPath', id)
  if (!ticket) return await readEarlier(services, c, id)
  addJob(services, c, id, ticket)
  return {
    ...{ id, state: 'queued', spec, algorithm, lane, times: { created: Date.now() } },
    ...(spec.ref !== undefined && { ref: spec.ref }),
    ...(keyId !== undefined && { keyId }),
  }
}

async function readEarlier({ redis }: Services, c: Context<Env>, id: string) {
  const record = await readRequest(redis, c.get('place'), id)
  if (!record) throw gone(`The request ${id}`)
  return record
}

export const gone = (what: string) =>
  new ServiceError('request_gone', {
    detail: `${what} that an earlier call with this Idempotency-Key made was deleted.`,
  })

/** Its key was there when the request was put together. */
const isKeyGone = (error: unknown) =>
  error instanceof ServiceError && error.code === 'key_not_found'

/**
 * Queues a failed request again, under the same path id; `again` where an earlier call with the same Idempotency-Key has.
 *
 * @throws {ServiceError} `idempotency_key_reused`
 */
export async function submitAgain(
  services: Services,
  c: Context<Env>,
  id: string,
): Promise<'queued' | 'again' | 'not_failed'> {
  const how = { priority: firstOfAll, once: await onceOf(c) }
  const ticket = await retryRequest(services.redis, c.get('place'), id, how)
  if (typeof ticket === 'string') return ticket
  addJob(services, c, id, ticket)
  return 'queued'
}

/**
 * The request is recorded, so it is promised from here on: a job that cannot be added now is added by the sweep. Nobody waits for
 * it: while a batch comes in, each turn of Redis is a third of what a POST takes.
 */
export function addJob(
  { queues, log }: Services,
  c: Context<Env>,
  path: string,
  ticket: LotTicket,
): void {
  queues.add(ticket).catch((error: unknown) => {
    const requestId = c.get('requestId')
    log.warn({ requestId, path, lot: ticket.lot, err: error }, 'job not added; the sweep will')
  })
}
