/** One minute of the figures: what ended in it, in each lane, in all shards together. */
import type { Redis } from 'ioredis'
import { shardKeys } from '../keys.ts'
import type { Lane } from '../lane.ts'
import type { ShardTag } from '../shards.ts'
import { addHistograms, countOf, emptyHistogram, type Histogram } from './histogram.ts'

export const laneNames = ['fast', 'slow'] as const satisfies readonly Lane[]

/** What ended in a lane; `failed` by the code of the problem; `waitingLots` and `oldestWaitingMs` where somebody has looked. */
export type LaneFigures = {
  readonly failed: ReadonlyMap<string, number>
  readonly wait: Histogram
  readonly work: Histogram
  readonly waitingLots?: number
  readonly oldestWaitingMs?: number
}

/** What was seen of Redis and of the workers. */
export type ServerFigures = {
  readonly usedMemory?: number
  readonly workers?: number
  readonly busyWorkers?: number
}

/** `minute`: Unix time in minutes. */
export type MinuteFigures = {
  readonly minute: number
  readonly lanes: Readonly<Record<Lane, LaneFigures>>
  readonly server: ServerFigures
}

export const readyIn = ({ wait }: LaneFigures) => countOf(wait)

export const failedIn = ({ failed }: LaneFigures) =>
  [...failed.values()].reduce((sum, count) => sum + count, 0)

export const emptyLane: LaneFigures = {
  failed: new Map(),
  wait: emptyHistogram,
  work: emptyHistogram,
}

/** Counts added up; of what was seen, the largest. */
export function addLanes(one: LaneFigures, other: LaneFigures): LaneFigures {
  const failed = new Map(one.failed)
  for (const [code, count] of other.failed) failed.set(code, (failed.get(code) ?? 0) + count)
  const waitingLots = largest(one.waitingLots, other.waitingLots)
  const oldestWaitingMs = largest(one.oldestWaitingMs, other.oldestWaitingMs)
  return {
    failed,
    wait: addHistograms(one.wait, other.wait),
    work: addHistograms(one.work, other.work),
    ...(waitingLots !== undefined && { waitingLots }),
    ...(oldestWaitingMs !== undefined && { oldestWaitingMs }),
  }
}

export const largest = (one?: number, other?: number) =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other)

/** Reads minutes in one go, in their order. */
export async function readMinutes(
  redis: Redis,
  shards: readonly ShardTag[],
  minutes: readonly number[],
): Promise<MinuteFigures[]> {
  const reads = minutes.flatMap((minute) =>
    shards.flatMap((shard) => {
      const { minuteStats } = shardKeys(shard)
      return [...laneNames, 'server'].map((what) => redis.hgetall(minuteStats(what, minute)))
    }),
  )
  const hashes = await Promise.all(reads)
  const each = shards.length * 3
  return minutes.map((minute, at) => parseMinute(minute, hashes.slice(at * each, (at + 1) * each)))
}

type Hash = Readonly<Record<string, string>>

function parseMinute(minute: number, hashes: readonly Hash[]): MinuteFigures {
  let [fast, slow] = [emptyLane, emptyLane]
  let server: ServerFigures = {}
  for (let at = 0; at + 2 < hashes.length; at += 3) {
    const [ofFast = {}, ofSlow = {}, ofServer = {}] = hashes.slice(at, at + 3)
    fast = addShard(fast, parseLane(ofFast))
    slow = addShard(slow, parseLane(ofSlow))
    server = { ...server, ...parseServer(ofServer) }
  }
  return { minute, lanes: { fast, slow }, server }
}

/** Lots wait in all shards at once. */
function addShard(one: LaneFigures, other: LaneFigures): LaneFigures {
  const sum = addLanes(one, other)
  if (sum.waitingLots === undefined) return sum
  return { ...sum, waitingLots: (one.waitingLots ?? 0) + (other.waitingLots ?? 0) }
}

function parseLane(hash: Hash): LaneFigures {
  const failed = new Map<string, number>()
  for (const [field, value] of Object.entries(hash)) {
    if (field.startsWith('failed:')) failed.set(field.slice('failed:'.length), Number(value))
  }
  const { waiting, oldest } = hash
  return {
    failed,
    ...bucketsIn(hash, ''),
    ...(waiting !== undefined && { waitingLots: Number(waiting) }),
    ...(oldest !== undefined && { oldestWaitingMs: Number(oldest) }),
  }
}

/** What the fields `<prefix><bucket of wait>/<bucket of work>` have counted, as a histogram of each. */
export function bucketsIn(hash: Hash, prefix: string): { wait: Histogram; work: Histogram } {
  const [wait, work] = [[...emptyHistogram], [...emptyHistogram]]
  for (const [field, value] of Object.entries(hash)) {
    if (!field.startsWith(prefix)) continue
    const [, waited, worked] = /^(\d+)\/(\d+)$/.exec(field.slice(prefix.length)) ?? []
    if (waited === undefined || worked === undefined) continue
    wait[Number(waited)] = (wait[Number(waited)] ?? 0) + Number(value)
    work[Number(worked)] = (work[Number(worked)] ?? 0) + Number(value)
  }
  return { wait, work }
}

function parseServer({ memory, workers, busy }: Hash): ServerFigures {
  return {
    ...(memory !== undefined && { usedMemory: Number(memory) }),
    ...(workers !== undefined && { workers: Number(workers) }),
    ...(busy !== undefined && { busyWorkers: Number(busy) }),
  }
}
