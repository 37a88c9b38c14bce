import type { Redis } from 'ioredis'
import type { Lane } from '../lane.ts'
import { runScript } from '../scripts.ts'
import type { ShardTag } from '../shards.ts'
import { laneNames, largest } from './minute.ts'

const factsOfLane = 6

/** A lane as it is now. `delayedLots` are tried again after a rest; `oldestWaitingMs` where something waits; single: of no batch. */
export type LaneLoad = {
  readonly lane: Lane
  readonly paused: boolean
  readonly waitingLots: number
  readonly activeLots: number
  readonly delayedLots: number
  readonly oldestWaitingMs?: number
  readonly oldestSingleMs?: number
}

export type LanesLoad = { readonly deadLots: number; readonly lanes: readonly LaneLoad[] }

/** The lanes of all shards together; one that is paused in any of them is paused. */
export async function readLanes(redis: Redis, shards: readonly ShardTag[]): Promise<LanesLoad> {
  const replies = await Promise.all(shards.map((shard) => readShardLanes(redis, shard)))
  return {
    deadLots: replies.reduce((sum, { deadLots }) => sum + deadLots, 0),
    lanes: laneNames.map((lane) =>
      replies.flatMap(({ lanes }) => lanes.filter((one) => one.lane === lane)).reduce(addLoads),
    ),
  }
}

/** The same of one shard. */
export async function readShardLanes(redis: Redis, shard: ShardTag): Promise<LanesLoad> {
  const reply = await runScript(redis, shard, 'read-lanes', [...laneNames])
  const [dead = '0', ...facts] = Array.isArray(reply) ? reply.map(String) : []
  return {
    deadLots: Number(dead),
    lanes: laneNames.map((lane, at) =>
      laneLoad(lane, facts.slice(at * factsOfLane, (at + 1) * factsOfLane)),
    ),
  }
}

function laneLoad(lane: Lane, facts: readonly string[]): LaneLoad {
  const [paused, waiting = 0, active = 0, delayed = 0, oldest = '', single = ''] = facts
  return {
    lane,
    paused: paused === '1',
    waitingLots: Number(waiting),
    activeLots: Number(active),
    delayedLots: Number(delayed),
    ...(oldest !== '' && { oldestWaitingMs: Number(oldest) }),
    ...(single !== '' && { oldestSingleMs: Number(single) }),
  }
}

function addLoads(one: LaneLoad, other: LaneLoad): LaneLoad {
  const oldestWaitingMs = largest(one.oldestWaitingMs, other.oldestWaitingMs)
  const oldestSingleMs = largest(one.oldestSingleMs, other.oldestSingleMs)
  return {
    lane: one.lane,
    paused: one.paused || other.paused,
    waitingLots: one.waitingLots + other.waitingLots,
    activeLots: one.activeLots + other.activeLots,
    delayedLots: one.delayedLots + other.delayedLots,
    ...(oldestWaitingMs !== undefined && { oldestWaitingMs }),
    ...(oldestSingleMs !== undefined && { oldestSingleMs }),
  }
}
