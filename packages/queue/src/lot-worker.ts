import { setTimeout as delay } from 'node:timers/promises'
import { type Lane, type LotRun, redisTrouble, type ShardTag } from '@csr-foundry/records'
import { DelayedError, type Job, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { lotOf } from './lanes.ts'
import type { QueueTelemetry } from './queue-telemetry.ts'

/** What became of one run of a lot: it is over, or it is to be taken again after some milliseconds. */
export type LotOutcome = { readonly done: true } | { readonly againIn: number }

export type LotWorkerOptions = {
  readonly shard: ShardTag
  readonly lane: Lane
  readonly concurrency: number
  /** Owns every ending of a lot: it must not throw. */
  readonly process: (run: LotRun) => Promise<LotOutcome>
  /** Lets go of a lot that could not be finished before the worker has to leave. */
  readonly giveBack: (run: LotRun) => Promise<unknown>
  readonly onError: (error: Error) => void
  readonly telemetry?: QueueTelemetry | undefined
}

/**
 * A lock is renewed every half of its time, so a lot of a dead worker is taken again after 5 to 7 seconds. The work never
 * blocks the event loop for longer than that: RSA keys are generated on the thread pool, other lots are kept short.
 */
const lockDuration = 5_000
const stalledInterval = 2_000
/** The lot's own record counts its deaths; BullMQ must never fail a job for it. */
const neverFail = 1_000_000
const restAfterTrouble = 1_000

type Running = {
  readonly job: Job
  readonly run: LotRun
  /** Ends the run for BullMQ, whose worker closes only then: the work itself may go on and on. */
  readonly leave: () => void
}

/** Takes the lots of one lane of one shard. */
export class LotWorker {
  readonly #worker: Worker
  readonly #options: LotWorkerOptions
  readonly #running = new Map<string, Running>()
  #resting = false
  #held = false
  #leaving = false

  constructor(connection: Redis, options: LotWorkerOptions) {
    this.#options = options
    this.#worker = new Worker(options.lane, (job, token) => this.#processJob(job, token ?? ''), {
      connection,
      prefix: options.shard,
      concurrency: options.concurrency,
      lockDuration,
      stalledInterval,
      maxStalledCount: neverFail,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      ...(options.telemetry && { telemetry: options.telemetry }),
    })
    this.#worker.on('error', (error) => {
      options.onError(error)
      if (redisTrouble(error)) this.#rest().catch(options.onError)
    })
  }

  /** BullMQ asks for the next job again at once, thousands of times a second: a full or read-only Redis needs a pause. */
  async #rest(): Promise<void> {
    if (this.#resting || this.#leaving) return
    this.#resting = true
    try {
      await this.#worker.pause(true)
      await delay(restAfterTrouble)
    } finally {
      this.#resting = false
    }
    await this.#goOn()
  }

  async #goOn(): Promise<void> {
    if (!this.#leaving && !this.#held && !this.#resting) await this.#worker.resume()
  }

  async ready(): Promise<void> {
    await this.#worker.waitUntilReady()
  }

  /** How many lots it works on at the same time, from now on: what is under way goes on. */
  async setConcurrency(lots: number): Promise<void> {
    const isMore = lots > this.#worker.concurrency
    this.#worker.concurrency = lots
    if (!isMore || this.#leaving || this.#held || this.#resting) return
    // BullMQ looks for more when one of its lots ends; so it looks at once.
    await this.#worker.pause(true)
    await this.#goOn()
  }

  /** Takes no more lots until {@link LotWorker.takeAgain}; those it has go on. */
  async hold(): Promise<void> {
    this.#held = true
    if (!this.#leaving) await this.#worker.pause(true)
  }

  async takeAgain(): Promise<void> {
    this.#held = false
    await this.#goOn()
  }

  /** Takes no more lots, and gives those it has up to `deadline` milliseconds to end; the rest is given back. */
  async drain(deadline: number): Promise<void> {
    this.#leaving = true
    const closed = this.#worker.close()
    const late = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => late.resolve('late'), deadline)
    const outcome = await Promise.race([closed, late.promise])
    clearTimeout(timer)
    if (outcome !== 'late') return
    await Promise.all([...this.#running.values()].map((running) => this.#letGo(running)))
    await closed
  }

  /** One lot that cannot be given back, or has just ended, keeps none of the others. */
  async #letGo({ job, run, leave }: Running): Promise<void> {
    try {
      await this.#options.giveBack(run)
      await job.moveToWait(job.token)
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)))
    } finally {
      leave()
    }
  }

  async #processJob(job: Job, token: string): Promise<{ ok: true }> {
    // BullMQ was waiting for a job when it was told to pause, and has taken the one that came.
    if (this.#held) {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    const jobId = job.id ?? ''
    // The token is the worker's; with the time of this take it names this run and no other.
    const take = `${token}:${job.processedOn ?? Date.now()}`
    const run: LotRun = { shard: this.#options.shard, lot: lotOf(jobId), take }
    const left = Promise.withResolvers<'left'>()
    this.#running.set(jobId, { job, run, leave: () => left.resolve('left') })
    try {
      const outcome = await Promise.race([this.#options.process(run), left.promise])
      if (outcome === 'left') throw new WaitingError()
      if ('done' in outcome) return { ok: true }
      await job.moveToDelayed(Date.now() + outcome.againIn, token)
      throw new DelayedError()
    } finally {
      this.#running.delete(jobId)
    }
  }
}
