/** What operators do that ends in jobs, for the endpoints and for the console alike. */
import {
  type ActingPlace,
  type LotTicket,
  type Retried,
  type RetryPoint,
  retryDeadLot as retryLot,
  retryFailures as retryOfAll,
  retryOwnFailures as retryOfOne,
} from '@csr-foundry/records'
import type { ErrorCode } from '@csr-foundry/service'
import type { Services } from '../../../services.ts'

/** @throws {ServiceError} `dead_lot_not_found` */
export async function retryDeadLot(
  services: Services,
  operator: ActingPlace,
  id: string,
): Promise<{ tenant: string; path: string }> {
  const { ticket, ...about } = await retryLot(services.redis, operator, services.shards, id)
  await addJobs(services, operator, [ticket])
  return about
}

/** Of one tenant or of all; `next` where it goes on: `from` of the next call. */
export async function retryFailures(
  services: Services,
  operator: ActingPlace,
  which: { readonly code: ErrorCode; readonly tenant?: string; readonly from?: RetryPoint },
): Promise<Omit<Retried, 'tickets'>> {
  const { tickets, ...retried } = await retryOfAll(services.redis, operator, which)
  await addJobs(services, operator, tickets)
  return retried
}

/** Of the caller's own tenant, by one of its own. */
export async function retryOwnFailures(
  services: Services,
  place: ActingPlace,
  which: { readonly code: ErrorCode; readonly below?: string },
): Promise<Omit<Retried, 'tickets'>> {
  const { tickets, ...retried } = await retryOfOne(services.redis, place, which)
  await addJobs(services, place, tickets)
  return retried
}

/** The lots are recorded: what cannot be queued now is queued by the sweep. */
async function addJobs(
  { queues, log }: Services,
  { actor }: ActingPlace,
  tickets: readonly LotTicket[],
): Promise<void> {
  await queues.addAll(tickets).catch((error: unknown) => {
    const facts = { requestId: actor.call, lots: tickets.length, err: error }
    log.warn(facts, 'jobs not added; the sweep will')
  })
}
