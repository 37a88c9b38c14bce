import { laneOf } from '@csr-foundry/queue'
import { createRequests, type NewRequest, type TenantPlace } from '@csr-foundry/records'
import type { Services } from './services.ts'

/** Single requests go before all bulk work. */
const firstOfAll = 0

/** Records a request and queues its lot; gives its path id. */
export async function submit(
  { redis, queues, log }: Services,
  place: TenantPlace,
  request: NewRequest,
): Promise<string> {
  const { firstId, ticket } = await createRequests(redis, place, {
    requests: [request],
    lane: request.keyId === undefined ? laneOf(request.spec.key.algorithm) : 'fast',
    priority: firstOfAll,
  })
  // The request is recorded, so it is promised from here on: a job that cannot be added now is added by the sweep.
  await queues.add(ticket).catch((error: unknown) => {
    log.warn({ path: firstId, lot: ticket.lot, err: error }, 'job not added; the sweep will')
  })
  return firstId
}
