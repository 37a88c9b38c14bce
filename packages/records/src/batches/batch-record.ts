/** Batches as their readers see them. Whoever takes one in is in intake.ts, whoever changes one in change-batch.ts. */
import type { Redis } from 'ioredis'
import { tenantKeys } from '../keys.ts'
import type { TenantPlace } from '../requests.ts'

/** `partial`: rows that are not valid are left out; `atomic`: all rows are taken, or none. */
export type BatchMode = 'partial' | 'atomic'

/**
 * How far a batch has come in. `taking`: rows arrive; `releasing`: all have, and those of an atomic batch are queued block by
 * block; `taken`: all rows are in; `broken`: the connection was lost before its end, and the same call goes on where it
 * ended; `cancelled`: what was queued is stopped, or is about to be.
 */
export type BatchState = 'taking' | 'releasing' | 'taken' | 'broken' | 'cancelled'

export type BatchCounts = {
  /** Rows seen so far, rejected ones among them. */
  readonly rows: number
  readonly accepted: number
  readonly rejected: number
  readonly queued: number
  readonly ready: number
  readonly failed: number
  readonly cancelled: number
}

export type BatchRecord = {
  readonly id: string
  readonly state: BatchState
  readonly mode: BatchMode
  readonly counts: BatchCounts
  /** The lowest and the highest path id that it was given; ids in between may belong to other requests of the tenant. */
  readonly firstPath?: string
  readonly lastPath?: string
  /** How many blocks it has so far: their numbers are 0 to this, which is not among them. */
  readonly blocks: number
  /** What is being done to all of it, block by block. */
  readonly change?: BatchChange
  /** In milliseconds since the epoch. `settled`: nothing of it is queued any more. */
  readonly times: {
    readonly created: number
    readonly taken?: number
    readonly settled?: number
    readonly cancelled?: number
  }
}

export type BatchChange = 'release' | 'cancel' | 'retry'

/** A batch; undefined where there is none, and from the moment on in which its deletion was asked for. */
export async function readBatch(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<BatchRecord | undefined> {
  return parseBatch(id, await redis.hgetall(tenantKeys(shard, tenant).batch(id)))
}

/** Batches, newest first; `next` is the batch before which the list goes on. */
export async function listBatches(
  redis: Redis,
  place: TenantPlace,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<{ batches: BatchRecord[]; next?: string }> {
  const { batches: index } = tenantKeys(place.shard, place.tenant)
  const from = before === undefined ? '+inf' : `(${before}`
  const ids = await redis.zrange(index, from, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit + 1)
  const shown = ids.slice(0, limit)
  const found = await Promise.all(shown.map((id) => readBatch(redis, place, id)))
  const next = ids.length > limit ? shown.at(-1) : undefined
  return {
    batches: found.filter((batch) => batch !== undefined),
    ...(next !== undefined && { next }),
  }
}

/**
 * The batch that a call with an Idempotency-Key has made within the last 24 hours; undefined where there is none.
 *
 * @param call from callOnce
 */
export async function findBatchByKey(
  redis: Redis,
  place: TenantPlace,
  call: string,
): Promise<BatchRecord | undefined> {
  const made = await redis.get(tenantKeys(place.shard, place.tenant).idem(call))
  const id = /^batch (\d+)$/.exec(made ?? '')?.[1]
  return id === undefined ? undefined : await readBatch(redis, place, id)
}

function parseBatch(id: string, fields: Readonly<Record<string, string>>): BatchRecord | undefined {
  const { state, mode, first, last, change } = fields
  if (state === undefined || state === 'deleting') return undefined
  const count = (name: string) => Number(fields[name] ?? 0)
  return {
    id,
    // As the scripts wrote them.
    state: state as BatchState,
    mode: mode as BatchMode,
    counts: {
      rows: count('rows'),
      accepted: count('accepted'),
      rejected: count('rejected'),
      // Until it is released nobody sees a request of an atomic batch; to its owner they wait.
      queued: count('queued') + count('parked'),
      ready: count('ready'),
      failed: count('failed'),
      cancelled: count('cancelled'),
    },
    ...(first !== undefined && { firstPath: first }),
    ...(last !== undefined && { lastPath: last }),
    blocks: count('blocks'),
    ...(change !== undefined && { change: change as BatchChange }),
    times: timesOf(fields),
  }
}

function timesOf(fields: Readonly<Record<string, string>>): BatchRecord['times'] {
  const { created, taken, settled, 'cancelled-at': cancelled } = fields
  return {
    created: Number(created),
    ...(taken !== undefined && { taken: Number(taken) }),
    ...(settled !== undefined && { settled: Number(settled) }),
    ...(cancelled !== undefined && { cancelled: Number(cancelled) }),
  }
}
