import { hostname } from 'node:os'
import { type Lane, type LotWorker, lanes } from '@csr-foundry/queue'
import { forgetOrders, readOrders, type Orders as Told } from '@csr-foundry/records'
import type { Logger } from '@csr-foundry/service'
import type { Redis } from 'ioredis'
import { Rounds } from './rounds.ts'

/** How operators name this process. */
export const workerName = `${hostname()}:${process.pid}`

const every = 1_000

export type LotsByLane = Readonly<Record<Lane, number>>

/** Lots of the fast lane are short and wait for Redis about as long as they compute. */
const fastLots = 4
const mostFastLots = 64
/** One lot for a thread to work on and one that waits for it: more would only be kept from other workers. */
const lotsPerThread = 2

/**
 * What a process with so many threads to generate RSA keys on takes at once. One lot more than threads: while the CSR of one is
 * signed, sealed and stored, its thread generates the key of the next.
 */
export const lotsAtOnce = (threads: number): Pick<OrdersOptions, 'usual' | 'most'> => ({
  usual: { fast: fastLots, slow: threads + 1 },
  most: { fast: mostFastLots, slow: lotsPerThread * threads },
})

export type OrdersOptions = {
  readonly redis: Redis
  readonly log: Logger
  /** Lots at once where nobody has said otherwise. */
  readonly usual: LotsByLane
  /** What this process can work on at once at all. */
  readonly most: LotsByLane
}

/** Hears every second what operators want of this worker process, and has its takers of lots obey. */
export class Orders {
  readonly #options: OrdersOptions
  readonly #rounds = new Rounds(() => this.#hear(), every)
  readonly #takers: { lane: Lane; taker: LotWorker }[] = []
  #told: Told = { draining: false, concurrency: {} }

  constructor(options: OrdersOptions) {
    this.#options = options
  }

  /** It ends what it has and takes no more lots. */
  get draining(): boolean {
    return this.#told.draining
  }

  /** How many lots of each lane it works on at once, of each shard. */
  get concurrency(): LotsByLane {
    const { usual, most } = this.#options
    const { concurrency } = this.#told
    const lotsOf = (lane: Lane) => Math.min(concurrency[lane] ?? usual[lane], most[lane])
    return { fast: lotsOf('fast'), slow: lotsOf('slow') }
  }

  /** Before any lot is taken. What was said to an earlier process of this name is not said to this one. */
  async begin(): Promise<void> {
    await forgetOrders(this.#options.redis, workerName)
    this.#told = await readOrders(this.#options.redis, workerName)
  }

  obeyedBy(lane: Lane, taker: LotWorker): void {
    this.#takers.push({ lane, taker })
  }

  /** Once all takers are known. */
  follow(): void {
    this.#rounds.start()
  }

  stop(): Promise<void> {
    return this.#rounds.stop()
  }

  async #hear(): Promise<void> {
    const { redis, log } = this.#options
    try {
      await this.#obey(await readOrders(redis, workerName))
    } catch (error) {
      // It goes on as it was told before.
      log.warn({ err: error }, 'orders not read; the next second tries again')
    }
  }

  async #obey(told: Told): Promise<void> {
    const before = { draining: this.draining, ...this.concurrency }
    this.#told = told
    const { concurrency, draining } = this
    const isSame = lanes.every((lane) => before[lane] === concurrency[lane])
    if (before.draining === draining && isSame) return
    this.#options.log.info({ draining, concurrency }, 'told by an operator')
    for (const { lane, taker } of this.#takers) {
      await taker.setConcurrency(concurrency[lane])
      await (draining ? taker.hold() : taker.takeAgain())
    }
  }
}
