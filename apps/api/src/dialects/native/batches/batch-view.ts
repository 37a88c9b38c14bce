import type { BatchView } from '@csr-foundry/native-api'
import {
  type BatchRecord,
  listRejected,
  type RejectedRow,
  readBatch,
  type TenantPlace,
} from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { momentOf } from '../../../moment-of.ts'
import type { BatchPace } from './batch-pace.ts'
import { batchNotFound } from './intake-errors.ts'

const rejectsShown = 100

/** As lists and events have it. */
export type BatchLine = Omit<BatchView, 'rejected'>

/** A batch with the first of its rejected rows. */
export async function batchView(
  redis: Redis,
  place: TenantPlace,
  batch: BatchRecord,
  pace: BatchPace,
): Promise<BatchLine & { readonly rejected: readonly RejectedRow[] }> {
  const { rejected } =
    batch.counts.rejected === 0
      ? { rejected: [] }
      : await listRejected(redis, place, batch.id, { limit: rejectsShown })
  return { ...batchLine(place, batch, pace), rejected }
}

/** A batch without its rows. */
export function batchLine(place: TenantPlace, batch: BatchRecord, pace: BatchPace): BatchLine {
  const { id, mode, counts, firstPath, lastPath } = batch
  const self = `/v1/batches/${id}`
  return {
    ...{ id, state: stateOf(batch), mode, counts },
    ...(firstPath !== undefined && { firstPath }),
    ...(lastPath !== undefined && { lastPath }),
    ...pace.of(place, batch),
    times: timesOf(batch.times),
    links: { self, results: `${self}/results`, events: `${self}/events` },
  }
}

/** The state as callers see it: of a batch that is all in, whether there is work left. */
function stateOf({ state, counts, change }: BatchRecord): BatchView['state'] {
  if (state === 'releasing') return 'running'
  if (state !== 'taken') return state
  return counts.queued > 0 || change !== undefined ? 'running' : 'done'
}

/** Whether it will move no more unless somebody asks for it. */
export const isOver = ({ state, counts, change }: BatchRecord): boolean =>
  state !== 'taking' && state !== 'releasing' && counts.queued === 0 && change === undefined

function timesOf({ created, taken, settled, cancelled }: BatchRecord['times']): BatchView['times'] {
  return {
    created: momentOf(created),
    ...(taken !== undefined && { taken: momentOf(taken) }),
    ...(settled !== undefined && { settled: momentOf(settled) }),
    ...(cancelled !== undefined && { cancelled: momentOf(cancelled) }),
  }
}

/** @throws {ServiceError} `batch_not_found` */
export async function requireBatch(
  redis: Redis,
  place: TenantPlace,
  id: string,
): Promise<BatchRecord> {
  const batch = await readBatch(redis, place, id)
  if (!batch) throw batchNotFound(id)
  return batch
}
