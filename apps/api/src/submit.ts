import { laneOf } from '@csr-foundry/queue'
import {
  createRequests,
  type LotTicket,
  type NewRequest,
  type OpenTenant,
  retryRequest,
  type TenantPlace,
} from '@csr-foundry/records'
import type { Services } from './services.ts'

/** Single requests go before all bulk work. */
const firstOfAll = 0

/** Records a request and queues its lot; gives its path id. */
export async function submit(
  services: Services,
  place: OpenTenant,
  request: NewRequest,
): Promise<string> {
  const { firstId, ticket } = await createRequests(services.redis, place, {
    requests: [request],
    lane: request.keyId === undefined ? laneOf(request.spec.key.algorithm) : 'fast',
    priority: firstOfAll,
    ...(place.queuedLimit !== undefined && { queuedLimit: place.queuedLimit }),
  })
  await addJob(services, firstId, ticket)
  return firstId
}

/** Queues a failed request again, under the same path id; false where it has not failed. */
export async function submitAgain(
  services: Services,
  place: TenantPlace,
  id: string,
): Promise<boolean> {
  const ticket = await retryRequest(services.redis, place, id, firstOfAll)
  if (ticket) await addJob(services, id, ticket)
  return ticket !== undefined
}

/** The request is recorded, so it is promised from here on: a job that cannot be added now is added by the sweep. */
async function addJob({ queues, log }: Services, path: string, ticket: LotTicket): Promise<void> {
  await queues.add(ticket).catch((error: unknown) => {
    log.warn({ path, lot: ticket.lot, err: error }, 'job not added; the sweep will')
  })
}
