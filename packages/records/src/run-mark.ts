/**
 * How the runs of a Redis hang together: each that ended with every write on disk is noted, with the run that followed it.
 * While the chain is whole, ids go on without a gap; create-requests.lua walks it.
 */
import type { Redis } from 'ioredis'
import { shardKeys } from './keys.ts'
import type { ShardTag } from './shards.ts'

const runsKept = 1_000

/**
 * Notes in each shard that this run ended cleanly. Call it as the last write before a clean SHUTDOWN, when nothing else is
 * connected any more.
 */
export async function markCleanEnd(redis: Redis, shards: readonly ShardTag[]): Promise<void> {
  const run = await currentRun(redis)
  for (const shard of shards) {
    const { cleanRuns } = shardKeys(shard)
    if ((await redis.hlen(cleanRuns)) >= runsKept) await redis.del(cleanRuns)
    await redis.hset(cleanRuns, run, '')
  }
}

/**
 * Notes that this run follows the one that was marked. Call it before anything else is connected. It is on the disk when
 * this resolves: should this run die with its first ids not yet written, the next one must not follow the same mark.
 */
export async function followCleanEnd(redis: Redis, shards: readonly ShardTag[]): Promise<void> {
  const run = await currentRun(redis)
  const [, fsync = 'everysec'] = (await redis.config('GET', 'appendfsync')) as string[]
  await redis.config('SET', 'appendfsync', 'always')
  for (const shard of shards) {
    const { cleanRuns } = shardKeys(shard)
    for (const [ended, follower] of Object.entries(await redis.hgetall(cleanRuns))) {
      if (follower === '') await redis.hset(cleanRuns, ended, run)
    }
  }
  await redis.config('SET', 'appendfsync', fsync)
}

/** As create-requests.lua names it. */
async function currentRun(redis: Redis): Promise<string> {
  const info = await redis.info('server', 'replication')
  const field = (name: string) => new RegExp(`^${name}:(\\w+)`, 'm').exec(info)?.[1]
  return `${field('run_id')}:${field('master_replid')}`
}
