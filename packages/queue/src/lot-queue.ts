import type { Lane, LotTicket, ShardTag } from '@csr-foundry/records'
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { jobIdOf, lanes } from './lanes.ts'
import type { QueueTelemetry } from './queue-telemetry.ts'

/** Jobs that are sent in one go: other commands get their turn in between. */
const addedAtOnce = 100

/**
 * The producer's side of the lanes.
 *
 * A job is a hint that its lot is waiting: its id names the lot and its data is empty, so nothing of a request is ever in
 * the queue. Adding the same lot twice adds one job. A hint that is lost is added again by the sweep.
 */
export class LotQueues {
  readonly #queues = new Map<string, Queue>()
  readonly #shards: readonly ShardTag[]
  readonly #telemetry: QueueTelemetry | undefined
  /** Jobs on their way. */
  readonly #adding = new Set<Promise<unknown>>()

  /** Make it on a connection that is ready: a queue made while Redis is away waits for it without limit. */
  constructor(
    connection: Redis,
    shards: readonly ShardTag[],
    onError: (error: Error) => void,
    telemetry?: QueueTelemetry,
  ) {
    this.#shards = shards
    this.#telemetry = telemetry
    const options = { connection, ...(telemetry && { telemetry }) }
    for (const shard of shards) {
      for (const lane of lanes) {
        const queue = new Queue(lane, { ...options, prefix: shard })
        queue.on('error', onError)
        this.#queues.set(`${shard} ${lane}`, queue)
      }
    }
  }

  async add(ticket: LotTicket): Promise<void> {
    const { name, data, opts } = jobOf(ticket)
    const adding = this.#find(ticket.shard, ticket.lane).add(name, data, opts)
    this.#adding.add(adding)
    try {
      await adding
    } finally {
      this.#adding.delete(adding)
    }
  }

  /** Adds many, in their order within a lane. Where it fails some may have been added: adding all again is safe. */
  async addAll(tickets: readonly LotTicket[]): Promise<void> {
    const telemetry = this.#telemetry?.ofMany()
    for (const [queue, ofQueue] of Map.groupBy(tickets, (one) => this.#find(one.shard, one.lane))) {
      for (let from = 0; from < ofQueue.length; from += addedAtOnce) {
        const some = ofQueue.slice(from, from + addedAtOnce)
        await queue.addBulk(some.map((ticket) => jobOf(ticket, telemetry)))
      }
    }
  }

  /** How many lots wait in a lane and how many are being worked on. */
  async load(shard: ShardTag, lane: Lane): Promise<{ waiting: number; active: number }> {
    const counts = await this.#find(shard, lane).getJobCounts('waiting', 'prioritized', 'active')
    return {
      waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
      active: counts.active ?? 0,
    }
  }

  /**
   * Lets no worker take a lot of this lane, of any shard, until it is resumed. What is under way goes on, and what is added waits
   * in its order. Redis keeps it: a start of anything changes nothing. Where it fails some shards may be paused; doing it again
   * is safe.
   */
  async pause(lane: Lane): Promise<void> {
    for (const queue of this.#ofLane(lane)) await queue.pause()
  }

  async resume(lane: Lane): Promise<void> {
    for (const queue of this.#ofLane(lane)) await queue.resume()
  }

  /** Whether the lane is paused, in any shard or in the one that is named. */
  async isPaused(lane: Lane, shard?: ShardTag): Promise<boolean> {
    const queues = shard === undefined ? this.#ofLane(lane) : [this.#find(shard, lane)]
    const paused = await Promise.all(queues.map((queue) => queue.isPaused()))
    return paused.includes(true)
  }

  /** BullMQ's own queue of each lane and shard, for its dashboard. */
  each(): { shard: ShardTag; lane: Lane; queue: Queue }[] {
    return this.#shards.flatMap((shard) =>
      lanes.map((lane) => ({ shard, lane, queue: this.#find(shard, lane) })),
    )
  }

  /** Jobs that are being added are added before. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#adding)
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()))
  }

  #ofLane(lane: Lane): Queue[] {
    return this.#shards.map((shard) => this.#find(shard, lane))
  }

  #find(shard: ShardTag, lane: string): Queue {
    const queue = this.#queues.get(`${shard} ${lane}`)
    if (!queue) throw new RangeError(`There is no lane ${lane} in the shard ${shard}.`)
    return queue
  }
}

const jobOf = ({ lot, priority }: LotTicket, telemetry?: JobsOptions['telemetry']) => ({
  name: 'lot',
  data: {},
  opts: {
    jobId: jobIdOf(lot),
    removeOnComplete: true,
    removeOnFail: true,
    ...(priority > 0 && { priority }),
    ...(telemetry && { telemetry }),
  },
})
