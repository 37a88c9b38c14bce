import type { Redis } from 'ioredis'
import { shardKeys } from './keys.ts'
import type { ShardTag } from './shards.ts'

const runsKept = 1_000

/**
 * Notes in each shard that this run of Redis ended with every write on disk, so that ids go on without a gap.
 *
 * Call it as the last write before a clean SHUTDOWN, when nothing else is connected any more.
 */
export async function markCleanEnd(redis: Redis, shards: readonly ShardTag[]): Promise<void> {
  const info = await redis.info('server', 'replication')
  const [runId, replicationId] = ['run_id', 'master_replid'].map(
    (name) => new RegExp(`^${name}:(\\w+)`, 'm').exec(info)?.[1],
  )
  if (!runId || !replicationId) return
  // As create-requests.lua says it.
  const run = `${runId}:${replicationId}`
  for (const shard of shards) {
    const { cleanRuns } = shardKeys(shard)
    await redis.zadd(cleanRuns, Date.now(), run)
    await redis.zremrangebyrank(cleanRuns, 0, -runsKept - 1)
  }
}
