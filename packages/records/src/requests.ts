import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { type ActingPlace, actorText } from './audit/actor.ts'
import { tenantKeys } from './keys.ts'
import type { Lane } from './lane.ts'
import { earlierCall, type Once, onceValues } from './once.ts'
import { type NewRequest, packedFields, packRequest } from './packed-request.ts'
import {
  parseReady,
  parseRequest,
  type RequestIn,
  type RequestRecord,
  type RequestSummary,
  readyFields,
} from './request-record.ts'
import { requireRoom } from './room.ts'
import { fieldMap, runScript, textList } from './scripts.ts'
import type { ShardTag } from './shards.ts'

/** A tenant and where its data lies. */
export type TenantPlace = { readonly tenant: string; readonly shard: ShardTag }

export type LotTicket = {
  readonly shard: ShardTag
  readonly lot: string
  readonly lane: Lane
  readonly priority: number
}

export type NewRequests = {
  readonly requests: readonly NewRequest[]
  readonly lane: Lane
  /** BullMQ's: 0 goes before all others. */
  readonly priority: number
  /** How many requests of the tenant may be queued, these among them. */
  readonly queuedLimit?: number
  /** Where the call may be made again by a caller who has not heard what became of it. */
  readonly once?: Once | undefined
}

/** Recorded now, in a lot that is to be queued; or by an earlier call, which has no ticket. */
export type Recorded = { readonly firstId: string; readonly ticket?: LotTicket }

const defaultQueuedLimit = 2_000_000
const retryAfterFullQueue = 30

/**
 * Writes requests and the lot that carries them. The ids are consecutive decimal strings from `firstId` on.
 *
 * @throws {ServiceError} `idempotency_key_reused`, `key_not_found`, `queue_full`, `storage_full`; then nothing is written
 */
export async function createRequests(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  { requests, lane, priority, queuedLimit = defaultQueuedLimit, once }: NewRequests,
): Promise<Recorded> {
  await requireRoom(redis)
  const reply = await runScript(redis, shard, 'create-requests', [
    tenant,
    lane,
    priority,
    queuedLimit,
    actorText(actor),
    ...onceValues(once),
    ...requests.flatMap((request) => packedFields(packRequest(request))),
  ])
  const [kind, ...rest] = textList(reply)
  const earlier = earlierCall([kind ?? '', rest[0] ?? ''])
  if (earlier !== undefined) return { firstId: earlier }
  if (kind === 'queue_full') throw queueFull()
  if (kind === 'key_not_found') throw keyNotFound(rest[0])
  const [lot, firstId] = rest
  if (!lot || !firstId) throw new ServiceError('internal')
  return { firstId, ticket: { shard, lot, lane, priority } }
}

export const queueFull = () => new ServiceError('queue_full', { retryAfter: retryAfterFullQueue })

const keyNotFound = (id = '') =>
  new ServiceError('key_not_found', { detail: `The key ${id} was not found.` })

/** The record of a request; undefined where there is none or it was deleted. */
export async function readRequest(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<RequestRecord | undefined> {
  const { request } = tenantKeys(shard, tenant)
  const fields = new Map(Object.entries(await redis.hgetallBuffer(request(id))))
  if (isToldByItself(fields)) return parseRequest(id, fields)
  return parseRequest(id, fieldMap(await runScript(redis, shard, 'read-request', [tenant, id])))
}

/** The record of a request that is ready; undefined says nothing of it. Half the work of `readRequest`, here and in Redis. */
export async function readReady(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  id: string,
): Promise<RequestIn<'ready'> | undefined> {
  const { request } = tenantKeys(shard, tenant)
  return parseReady(id, await redis.hmgetBuffer(request(id), ...readyFields))
}

/** A request that has ended: its lot has nothing to add. A script costs Redis eight times what its HGETALL does. */
const isToldByItself = (fields: ReadonlyMap<string, Buffer>) =>
  fields.size === 0 ||
  (fields.get('state')?.toString() !== 'queued' && (fields.has('algorithm') || fields.has('spec')))

/** The CSRs (DER) of those that are ready, by id; one that was deleted meanwhile is missing. They can have 64 KiB each. */
export async function readCsrs(
  redis: Redis,
  { tenant, shard }: TenantPlace,
  requests: readonly RequestSummary[],
): Promise<Map<string, Buffer>> {
  const { request } = tenantKeys(shard, tenant)
  const ready = requests.filter(({ state }) => state === 'ready')
  const csrs = await Promise.all(ready.map(({ id }) => redis.hgetBuffer(request(id), 'csr')))
  return new Map(ready.flatMap(({ id }, i) => (csrs[i] ? [[id, csrs[i]] as const] : [])))
}

/**
 * Removes a request and the key that was made for it, unless that is to be kept or another request uses it; false where
 * there is none.
 */
export async function deleteRequest(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  id: string,
): Promise<boolean> {
  const values = [tenant, id, actorText(actor)]
  return (await runScript(redis, shard, 'delete-request', values)) === 1
}

/** Stops a request that is still queued; false where it is not. */
export async function cancelRequest(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  id: string,
): Promise<boolean> {
  const values = [tenant, id, actorText(actor)]
  return (await runScript(redis, shard, 'cancel-request', values)) === 1
}

/**
 * Queues a failed request again under the same id; `not_failed` where it has not, `again` where an earlier call with the same
 * Idempotency-Key has done it.
 *
 * @throws {ServiceError} `idempotency_key_reused`
 */
export async function retryRequest(
  redis: Redis,
  { tenant, shard, actor }: ActingPlace,
  id: string,
  { priority, once }: { readonly priority: number; readonly once?: Once | undefined },
): Promise<LotTicket | 'not_failed' | 'again'> {
  const values = [tenant, id, priority, actorText(actor), ...onceValues(once)]
  const reply = textList(await runScript(redis, shard, 'retry-request', values))
  if (earlierCall(reply) !== undefined) return 'again'
  const [, lot, lane] = reply
  // As createRequests wrote it.
  return lot && lane ? { shard, lot, lane: lane as Lane, priority } : 'not_failed'
}
