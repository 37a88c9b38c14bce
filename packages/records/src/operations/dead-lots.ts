/** Lots that two workers died with: each has one request, which has failed with `worker_died`. */
import { ServiceError } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import type { ActingPlace } from '../audit/actor.ts'
import { audited } from '../audit/entries.ts'
import { shardKeys } from '../keys.ts'
import type { Lane } from '../lane.ts'
import { type LotTicket, retryRequest } from '../requests.ts'
import { runScript, textList } from '../scripts.ts'
import type { ShardTag } from '../shards.ts'
import { operatingAt } from './operator.ts'

/** Times in milliseconds. */
export type DeadLot = {
  /** `<number of the shard>-<number of the lot>`: each shard numbers its lots. */
  readonly id: string
  readonly lane: Lane
  readonly tenant: string
  /** Its request. */
  readonly path: string
  readonly batch?: string
  readonly starts: number
  readonly created: number
  readonly died: number
}

/** Where the list goes on: so many are passed over. */
export type DeadLotPoint = { readonly shard: number; readonly offset: number }

const firstPoint: DeadLotPoint = { shard: 0, offset: 0 }

/** The newest of each shard first; `next` where there may be more. */
export async function listDeadLots(
  redis: Redis,
  shards: readonly ShardTag[],
  { from = firstPoint, limit }: { readonly from?: DeadLotPoint; readonly limit: number },
): Promise<{ deadLots: DeadLot[]; next?: DeadLotPoint }> {
  const deadLots: DeadLot[] = []
  let { shard, offset } = from
  for (let tag = shards[shard]; tag !== undefined; tag = shards[shard]) {
    const left = limit - deadLots.length
    if (left === 0) return { deadLots, next: { shard, offset } }
    const parts = textList(await runScript(redis, tag, 'list-dead-lots', [offset, left]))
    const found = parseDeadLots(shard, parts)
    deadLots.push(...found)
    offset += left
    if (found.length < left) {
      shard += 1
      offset = 0
    }
  }
  return { deadLots }
}

function parseDeadLots(shard: number, parts: readonly string[]): DeadLot[] {
  const found: DeadLot[] = []
  for (let i = 0; i + 7 < parts.length; i += 8) {
    const [lot, died, tenant = '', lane, path = '', starts, created, batch] = parts.slice(i, i + 8)
    found.push({
      ...{ id: `${shard}-${lot}`, lane: lane as Lane, tenant, path },
      ...(batch && { batch }),
      ...{ starts: Number(starts), created: Number(created), died: Number(died) },
    })
  }
  return found
}

/** How many there are. */
export async function countDeadLots(redis: Redis, shards: readonly ShardTag[]): Promise<number> {
  const counts = await Promise.all(shards.map((shard) => redis.zcard(shardKeys(shard).deadLots)))
  return counts.reduce((sum, count) => sum + count, 0)
}

/**
 * Queues the request of a dead lot again, under its path id and before the work of batches. It may kill two workers more.
 *
 * @throws {ServiceError} `dead_lot_not_found`, also where its request is no longer failed
 */
export async function retryDeadLot(
  redis: Redis,
  operator: ActingPlace,
  shards: readonly ShardTag[],
  id: string,
): Promise<{ tenant: string; path: string; ticket: LotTicket }> {
  const { shard, tenant, path } = await findDeadLot(redis, shards, id)
  return await audited(redis, operator, { action: 'lot.retry', ids: [id] }, async () => {
    const place = operatingAt({ tenant, shard }, operator)
    const ticket = await retryRequest(redis, place, path, { priority: 0 })
    if (typeof ticket === 'string') throw notFound(id)
    return { tenant, path, ticket }
  })
}

async function findDeadLot(redis: Redis, shards: readonly ShardTag[], id: string) {
  const [number, lot = ''] = id.split('-')
  const shard = shards[Number(number)]
  if (!shard) throw notFound(id)
  const { deadLots, lot: keyOf } = shardKeys(shard)
  const [died, [tenant, path]] = await Promise.all([
    redis.zscore(deadLots, lot),
    redis.hmget(keyOf(lot), 'tenant', 'ids'),
  ])
  if (died === null || !tenant || !path) throw notFound(id)
  return { shard, tenant, path }
}

const notFound = (id: string) =>
  new ServiceError('dead_lot_not_found', { detail: `There is no dead lot ${id}.` })
