import { changeBlocks, type LotTicket } from '@csr-foundry/records'
import type { Context } from 'hono'
import type { Env, Services } from '../../../services.ts'

/** Queues lots that are recorded: they are promised, so what cannot be queued now is queued by the sweep. */
export async function addLots(
  { queues, log }: Services,
  c: Context<Env>,
  batch: string,
  tickets: readonly LotTicket[],
): Promise<void> {
  if (tickets.length === 0) return
  await queues.addAll(tickets).catch((error: unknown) => {
    const requestId = c.get('requestId')
    const lots = tickets.length
    log.warn({ requestId, batch, lots, err: error }, 'jobs not added; the sweep will')
  })
}

/**
 * Does what was asked of a batch as a whole, without keeping the call waiting. It is written down, so what this process does not
 * come to is done by the sweep.
 */
export function changeInBackground(services: Services, c: Context<Env>, batch: string): void {
  const requestId = c.get('requestId')
  changeNow(services, c, batch).catch((error: unknown) => {
    services.log.warn(
      { requestId, batch, err: error },
      'batch not changed whole; the sweep goes on',
    )
  })
}

async function changeNow(services: Services, c: Context<Env>, batch: string): Promise<void> {
  const { redis, heldCalls } = services
  for await (const tickets of changeBlocks(redis, c.get('place'), batch)) {
    await addLots(services, c, batch, tickets)
    if (heldCalls.drained.aborted) return
  }
}
