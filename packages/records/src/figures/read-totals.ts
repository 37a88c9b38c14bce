import type { Redis } from 'ioredis'
import { shardKeys } from '../keys.ts'
import type { Lane } from '../lane.ts'
import type { LotTicket } from '../requests.ts'
import type { ShardTag } from '../shards.ts'
import type { Histogram } from './histogram.ts'
import { bucketsIn, laneNames } from './minute.ts'

/** `sum` in milliseconds. */
export type HistogramTotal = { readonly buckets: Histogram; readonly sum: number }

/** Of requests with keys of one algorithm that became ready. */
export type AlgorithmTotals = {
  readonly algorithm: string
  readonly wait: HistogramTotal
  readonly work: HistogramTotal
}

/** What one lane of one shard has done since Redis is there. */
export type LaneTotals = {
  readonly shard: ShardTag
  readonly lane: Lane
  readonly lots: number
  /** Lots whose worker died. */
  readonly stalls: number
  /** Lots that the sweep has given a job again. */
  readonly swept: number
  /** Lots that a worker let go of alive, by why: `wait`, `apart` or `drain`. */
  readonly givenBack: ReadonlyMap<string, number>
  readonly failed: ReadonlyMap<string, number>
  readonly algorithms: readonly AlgorithmTotals[]
}

/** The totals of every lane and shard: a metric is their sum, which never falls while Redis keeps its data. */
export async function readTotals(redis: Redis, shards: readonly ShardTag[]): Promise<LaneTotals[]> {
  return await Promise.all(
    shards.flatMap((shard) =>
      laneNames.map(async (lane) => {
        const hash = await redis.hgetall(shardKeys(shard).lane(lane))
        return parseTotals(shard, lane, hash)
      }),
    ),
  )
}

/** Counts lots that the sweep has found without a job. */
export async function countSwept(redis: Redis, tickets: readonly LotTicket[]): Promise<void> {
  const byLane = Map.groupBy(tickets, ({ shard, lane }) => shardKeys(shard).lane(lane))
  await Promise.all([...byLane].map(([key, lots]) => redis.hincrby(key, 'swept', lots.length)))
}

function parseTotals(shard: ShardTag, lane: Lane, hash: Record<string, string>): LaneTotals {
  const { lots = 0, stalls = 0, swept = 0 } = hash
  const algorithms = Object.keys(hash).flatMap((field) =>
    field.endsWith('/wait') ? [field.slice(0, -'/wait'.length)] : [],
  )
  return {
    ...{ shard, lane, lots: Number(lots), stalls: Number(stalls), swept: Number(swept) },
    givenBack: countsIn(hash, 'given-back:'),
    failed: countsIn(hash, 'failed:'),
    algorithms: algorithms.toSorted().map((algorithm) => algorithmTotals(hash, algorithm)),
  }
}

function algorithmTotals(hash: Record<string, string>, algorithm: string): AlgorithmTotals {
  const { wait, work } = bucketsIn(hash, `${algorithm}/`)
  return {
    algorithm,
    wait: { buckets: wait, sum: Number(hash[`${algorithm}/wait`] ?? 0) },
    work: { buckets: work, sum: Number(hash[`${algorithm}/work`] ?? 0) },
  }
}

const countsIn = (hash: Record<string, string>, prefix: string) =>
  new Map(
    Object.entries(hash).flatMap(([field, count]) =>
      field.startsWith(prefix) ? [[field.slice(prefix.length), Number(count)] as const] : [],
    ),
  )
