import type { Redis } from 'ioredis'
import type { ShardTag } from '../shards.ts'
import { readSupervisors, type SupervisorReport } from '../supervisors.ts'
import { type DeadWorker, readDeadWorkers, readWorkers, type SeenWorker } from '../workers.ts'
import { FiguresReader } from './figures-reader.ts'
import { type Percentiles, percentilesOf } from './histogram.ts'
import { addLanes, emptyLane, failedIn, type MinuteFigures, readyIn } from './minute.ts'
import { type LaneLoad, readLanes } from './read-lanes.ts'
import { readServer, type ServerState } from './read-server.ts'
import { RequestCounter, type RequestCounts } from './request-counts.ts'

/** So many minutes of the past say how long things take now. */
const recentMinutes = 5
/** And so many what is done in a second. */
const rateMinutes = 2

/** `wait` and `work` are of the requests that became ready within the last five minutes; undefined where none did. */
export type LaneOverview = LaneLoad & {
  readonly wait: Percentiles | undefined
  readonly work: Percentiles | undefined
}

/** The whole installation at a moment; `at` by the clock of Redis, in milliseconds. */
export type Overview = {
  readonly at: number
  readonly requests: RequestCounts
  readonly rates: { readonly readyPerSecond: number; readonly failedPerMinute: number }
  readonly lanes: readonly LaneOverview[]
  readonly deadLots: number
  readonly server: ServerState
  readonly workers: readonly SeenWorker[]
  readonly deadWorkers: readonly DeadWorker[]
  readonly supervisors: readonly SupervisorReport[]
}

/** What an overview is read with: keep it, so that what does not change is not read again. */
export class OverviewSource {
  readonly redis: Redis
  readonly shards: readonly ShardTag[]
  readonly figures: FiguresReader
  readonly counter: RequestCounter

  constructor(redis: Redis, shards: readonly ShardTag[]) {
    this.redis = redis
    this.shards = shards
    this.figures = new FiguresReader(redis, shards)
    this.counter = new RequestCounter(redis)
  }
}

/** Some forty commands, and one script for each shard, however many requests there are. */
export async function readOverview(source: OverviewSource): Promise<Overview> {
  const { redis, shards } = source
  const [recent, load, server, requests, workers, deadWorkers, supervisors] = await Promise.all([
    source.figures.last(recentMinutes + 1),
    readLanes(redis, shards),
    readServer(redis),
    source.counter.read(),
    readWorkers(redis),
    readDeadWorkers(redis),
    readSupervisors(redis),
  ])
  const { now, minutes } = recent
  return {
    at: now,
    requests,
    rates: ratesOf(minutes, now),
    lanes: load.lanes.map((lane) => ({ ...lane, ...timesOf(minutes, lane) })),
    ...{ deadLots: load.deadLots, server, workers, deadWorkers, supervisors },
  }
}

function timesOf(minutes: readonly MinuteFigures[], { lane }: LaneLoad) {
  const { wait, work } = minutes.map(({ lanes }) => lanes[lane]).reduce(addLanes, emptyLane)
  return { wait: percentilesOf(wait), work: percentilesOf(work) }
}

/** Of the minute that is not over the part that is, and the one before it. */
function ratesOf(minutes: readonly MinuteFigures[], now: number): Overview['rates'] {
  const lately = minutes.slice(-rateMinutes).flatMap(({ lanes }) => Object.values(lanes))
  const sum = lately.reduce(addLanes, emptyLane)
  const seconds = (rateMinutes - 1) * 60 + (now % 60_000) / 1_000
  return {
    readyPerSecond: round(readyIn(sum) / seconds),
    failedPerMinute: round((failedIn(sum) * 60) / seconds),
  }
}

const round = (value: number) => Math.round(value * 100) / 100
