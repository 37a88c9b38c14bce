/** The API process's end of the upload thread. */
import { ServiceError } from '@csr-foundry/service'
import { LastingThread } from '../threads/lasting-thread.ts'
import type { Answer, Answered, Checked, CheckOrder, Order, SealOrder } from './thread-messages.ts'

/** So long (ms) the thread may be silent about an order; the costliest key that is taken needs a second or two. */
const longestSilence = 30_000
const retryAfterLoss = 5

type Waiting = {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: ServiceError) => void
  readonly silence: NodeJS.Timeout
}

export class UploadThread extends LastingThread<Order, Answered> {
  readonly #waiting = new Map<number, Waiting>()

  constructor() {
    const program = new URL('./thread-program.ts', import.meta.url)
    super({ program, name: 'uploads', title: 'The upload thread' })
  }

  /**
   * Opens and checks a key. Its bytes are handed over: they are gone here. Whatever the answer, the job is to be forgotten.
   *
   * @throws {ServiceError} `vault_unavailable`
   */
  async check(order: Omit<CheckOrder, 'does'>): Promise<Checked> {
    const { pem, password } = order
    const handedOver = password ? [pem.buffer, password.buffer] : [pem.buffer]
    return (await this.#ask({ does: 'check', ...order }, handedOver)) as Checked
  }

  /** Seals a key that was checked; gives the JWE. @throws {ServiceError} `vault_unavailable` */
  async seal(order: Omit<SealOrder, 'does'>): Promise<string> {
    return (await this.#ask({ does: 'seal', ...order })) as string
  }

  forget(job: number): void {
    this.tell({ does: 'forget', job })
  }

  async #ask(order: CheckOrder | SealOrder, handedOver: ArrayBuffer[] = []): Promise<Answer> {
    if (this.loss) throw unavailable(this.loss)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const silence = setTimeout(() => {
      this.lose(`has been silent for ${longestSilence} ms`)
    }, longestSilence)
    this.#waiting.set(order.job, { resolve, reject, silence })
    this.tell(order, handedOver)
    return await promise
  }

  protected override take({ job, answer }: Answered): void {
    const waiting = this.#waiting.get(job)
    this.#waiting.delete(job)
    clearTimeout(waiting?.silence)
    waiting?.resolve(answer)
  }

  protected override refuseAll(loss: Error): void {
    for (const { reject, silence } of this.#waiting.values()) {
      clearTimeout(silence)
      reject(unavailable(loss))
    }
    this.#waiting.clear()
  }
}

const unavailable = (cause: Error) =>
  new ServiceError('vault_unavailable', { retryAfter: retryAfterLoss, cause })
