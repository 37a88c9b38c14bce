/** Looks at what no event tells of, how much waits and how full Redis is, and writes it beside the figures of the minute. */
import type { Redis } from 'ioredis'
import { shardKeys } from '../keys.ts'
import { redisTime } from '../redis-time.ts'
import type { ShardTag } from '../shards.ts'
import { readWorkers } from '../workers.ts'
import { readShardLanes } from './read-lanes.ts'
import { readServer } from './read-server.ts'

/** As long as the figures themselves, in seconds. */
const kept = 25 * 60 * 60
/** A worker process that is silent for longer (ms) takes no lots. */
const silentAfter = 15_000

/** What somebody notes later in the same minute takes its place. */
export async function noteLoad(redis: Redis, shards: readonly ShardTag[]): Promise<void> {
  const [now, server, workers] = await Promise.all([
    redisTime(redis),
    readServer(redis),
    readWorkers(redis),
  ])
  const minute = Math.floor(now / 60_000)
  const heard = workers.filter(({ silentMs }) => silentMs < silentAfter)
  const [first] = shards
  if (first) {
    await noteIn(redis, shardKeys(first).minuteStats('server', minute), {
      memory: server.usedMemory,
      workers: heard.length,
      busy: heard.filter(({ lots }) => lots > 0).length,
    })
  }
  for (const shard of shards) {
    const { lanes } = await readShardLanes(redis, shard)
    for (const { lane, waitingLots, oldestWaitingMs } of lanes) {
      await noteIn(redis, shardKeys(shard).minuteStats(lane, minute), {
        waiting: waitingLots,
        oldest: oldestWaitingMs ?? 0,
      })
    }
  }
}

async function noteIn(redis: Redis, key: string, values: Record<string, number>): Promise<void> {
  await redis.hset(key, values)
  await redis.expire(key, kept)
}
