import { type Lane, type ShardTag, shardKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import type { LotQueues } from './lot-queue.ts'

const shortest = 1
const longest = 60

/**
 * Seconds after which a lot that is added to a lane now is probably done: what waits before it, by what lots of this lane
 * have taken lately, over how many are worked on at once. Up to a quarter is added at random, so that callers who were
 * told at the same time do not come back at the same time. Of a paused lane it is the longest that is ever told.
 */
export async function estimateWait(
  redis: Redis,
  queues: LotQueues,
  shard: ShardTag,
  lane: Lane,
): Promise<number> {
  const [{ waiting, active }, isPaused, work] = await Promise.all([
    queues.load(shard, lane),
    queues.isPaused(lane, shard),
    redis.hget(shardKeys(shard).lane(lane), 'work'),
  ])
  // Nobody knows when it goes on.
  if (isPaused) return Math.round(longest * (1 - Math.random() / 4))
  const lotMs = Number(work ?? 0)
  const seconds = ((waiting / Math.max(1, active) + 1) * lotMs) / 1_000
  const spread = seconds * (1 + Math.random() / 4)
  return Math.min(longest, Math.max(shortest, Math.ceil(spread)))
}
