/** The API process's end of the intake thread, which reads the batches that come in. */
import { ServiceError } from '@csr-foundry/service'
import { LastingThread } from '../threads/lasting-thread.ts'
import { BatchJob, type BatchSource } from './batch-job.ts'
import type { IntakeStart, Message, Order } from './thread-messages.ts'

/** While it has jobs it is asked so often (ms) whether it is there. */
const lookEvery = 10_000
/** So often without an answer, it is lost. No clock: a process that was stopped for a while has looked once. */
const mostUnanswered = 3
const retryAfterLoss = 5

const ownProgram = new URL('./thread-program.ts', import.meta.url)

export type IntakeOptions = {
  /** How far it stands back behind the process's other threads, where the system can do that: Linux. */
  readonly niceness?: number
  readonly program?: URL
  readonly every?: number
}

export class IntakeThread extends LastingThread<Order, Message> {
  readonly #jobs = new Map<number, BatchJob>()
  readonly #lookEvery: number
  #lastJob = 0
  #unanswered = 0
  #looks: NodeJS.Timeout | undefined

  constructor({ niceness = 0, program = ownProgram, every = lookEvery }: IntakeOptions = {}) {
    const workerData: IntakeStart = { niceness }
    super({ program, name: 'intake', title: 'The intake thread', workerData })
    this.#lookEvery = every
  }

  /**
   * Runs `take` with a batch that is read meanwhile. What is left of it is forgotten when `take` ends.
   *
   * @throws {ServiceError} `unavailable`, of each block as well
   */
  async read<Taken>(source: BatchSource, take: (job: BatchJob) => Promise<Taken>): Promise<Taken> {
    if (this.loss) throw unavailable(this.loss)
    this.#lastJob += 1
    const number = this.#lastJob
    const job = new BatchJob(number, source, (order, handedOver) => this.tell(order, handedOver))
    this.#jobs.set(number, job)
    this.#looks ??= setInterval(() => this.#look(), this.#lookEvery)
    try {
      return await take(job)
    } finally {
      await job.leave()
      this.#jobs.delete(number)
      if (this.#jobs.size === 0) this.#rest()
    }
  }

  protected override take(message: Message): void {
    if (message.says === 'here') this.#unanswered = 0
    else this.#jobs.get(message.job)?.take(message)
  }

  protected override refuseAll(loss: Error): void {
    this.#rest()
    for (const job of this.#jobs.values()) job.fail(unavailable(loss))
  }

  #look(): void {
    if (this.#unanswered === mostUnanswered) {
      this.lose(`has been silent for ${mostUnanswered * this.#lookEvery} ms`)
      return
    }
    this.#unanswered += 1
    this.tell({ does: 'show' })
  }

  #rest(): void {
    clearInterval(this.#looks)
    this.#looks = undefined
    this.#unanswered = 0
  }
}

const unavailable = (cause: Error) =>
  new ServiceError('unavailable', {
    detail: 'No batch can be taken in at the moment.',
    retryAfter: retryAfterLoss,
    cause,
  })
