import type { LotQueues } from '@csr-foundry/queue'
import { breakIntakes, changeBatches, findLostLots, type ShardTag } from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { Rounds } from './rounds.ts'

const every = 5_000
/** A lot of this age (ms) had time to get its job: create and add are milliseconds apart. */
const leastAge = 10_000
const lotsPerRound = 500
/** Of changes of whole batches that nobody goes on with; about a second of work. */
const blocksPerRound = 500

/**
 * Goes round the waiting lots and gives those a job again that have none: the record is written before the job is added,
 * and whoever should have added it may have died in between. It also ends the intakes of batches whose owner is gone, and
 * goes on with changes of whole batches. Several sweeps at once do no harm: a job is added once, a row changed once.
 */
export class Sweep {
  readonly #redis: Redis
  readonly #queues: LotQueues
  readonly #log: Logger
  readonly #offsets: Map<ShardTag, number>
  readonly #rounds = new Rounds(() => this.round(), every)

  constructor(redis: Redis, queues: LotQueues, shards: readonly ShardTag[], log: Logger) {
    this.#redis = redis
    this.#queues = queues
    this.#log = log
    this.#offsets = new Map(shards.map((shard) => [shard, 0]))
  }

  start(): void {
    this.#rounds.start()
  }

  stop(): Promise<void> {
    return this.#rounds.stop()
  }

  /** One look at each shard. */
  async round(): Promise<void> {
    for (const shard of this.#offsets.keys()) {
      try {
        await this.#sweepShard(shard)
        await this.#sweepBatches(shard)
      } catch (error) {
        this.#log.warn({ shard, err: error }, 'sweep failed; the next round tries again')
      }
    }
  }

  async #sweepShard(shard: ShardTag): Promise<void> {
    const offset = this.#offsets.get(shard) ?? 0
    const found = await findLostLots(this.#redis, shard, { offset, limit: lotsPerRound, leastAge })
    this.#offsets.set(shard, found.nextOffset)
    for (const ticket of found.tickets) await this.#queues.add(ticket)
    if (found.tickets.length > 0) {
      this.#log.warn(
        { shard, lots: found.tickets.map(({ lot }) => lot) },
        'lots without a job queued again',
      )
    }
  }
  async #sweepBatches(shard: ShardTag): Promise<void> {
    const batches = await breakIntakes(this.#redis, shard)
    if (batches.length > 0) {
      this.#log.warn({ shard, batches }, 'batches whose intake broke')
    }
    const { tickets, errors } = await changeBatches(this.#redis, shard, { blocks: blocksPerRound })
    await this.#queues.addAll(tickets)
    for (const error of errors) {
      this.#log.warn({ shard, err: error }, 'change of a batch failed; the next round tries again')
    }
  }
}
