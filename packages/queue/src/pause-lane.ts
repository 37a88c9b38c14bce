import { type ActingPlace, audited, type Lane } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import type { LotQueues } from './lot-queue.ts'

type Connections = { readonly redis: Redis; readonly queues: LotQueues }

/**
 * Pauses a lane: requests are taken in and wait, none is begun.
 *
 * @param place of who does it: the audit of his tenant tells of it
 */
export async function pauseLane(
  { redis, queues }: Connections,
  place: ActingPlace,
  lane: Lane,
): Promise<void> {
  await audited(redis, place, { action: 'lane.pause', ids: [lane] }, () => queues.pause(lane))
}

/** Lets the workers take lots of a lane again. */
export async function resumeLane(
  { redis, queues }: Connections,
  place: ActingPlace,
  lane: Lane,
): Promise<void> {
  await audited(redis, place, { action: 'lane.resume', ids: [lane] }, () => queues.resume(lane))
}
