/**
 * The API process's end of the upload thread.
 *
 * Rules: the thread is the first thing that the process starts, and then the process gives the permission for threads away,
 * see {@link giveUpThreads}. So a thread that dies or stops answering cannot be replaced: it is lost, every call that needs it
 * is refused, and the process has to be started anew.
 */
import { Worker } from 'node:worker_threads'
import { ServiceError, SetupError } from '@csr-foundry/service'
import type {
  Answer,
  Checked,
  CheckOrder,
  FromThread,
  Order,
  SealOrder,
} from './thread-messages.ts'

/** So long (ms) the thread may be silent about an order; the costliest key that is taken needs a second or two. */
const longestSilence = 30_000
const retryAfterLoss = 5

type Waiting = {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: ServiceError) => void
  readonly silence: NodeJS.Timeout
}

export class UploadThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #ready = Promise.withResolvers<void>()
  readonly #lost = Promise.withResolvers<Error>()
  #loss: Error | undefined

  constructor() {
    const program = new URL('./thread-program.ts', import.meta.url)
    this.#worker = new Worker(program, { name: 'uploads', execArgv: [] })
    this.#worker.on('message', (message: FromThread) => this.#take(message))
    // Its text might quote what the thread was reading.
    this.#worker.on('error', ({ name }) => this.#lose(`The upload thread failed: ${name}.`))
    this.#worker.on('exit', () => this.#lose('The upload thread has ended.'))
    this.#ready.promise.catch(() => {})
  }

  /** Resolves when it takes keys; rejects when it cannot be started. */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  /** Resolves, with the reason, when the thread is lost. */
  get lost(): Promise<Error> {
    return this.#lost.promise
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
    this.#worker.postMessage({ does: 'forget', job } satisfies Order)
  }

  /** Throws the reason when the thread is lost: a process that ends for that has to end with an error. */
  requireAlive(): void {
    if (this.#loss) throw this.#loss
  }

  /** Ends the thread alone. */
  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  async #ask(order: CheckOrder | SealOrder, handedOver: ArrayBuffer[] = []): Promise<Answer> {
    if (this.#loss) throw unavailable(this.#loss)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const silence = setTimeout(() => {
      this.#lose(`The upload thread has been silent for ${longestSilence} ms.`)
    }, longestSilence)
    this.#waiting.set(order.job, { resolve, reject, silence })
    this.#worker.postMessage(order, handedOver)
    return await promise
  }

  #take(message: FromThread): void {
    if (message === 'ready') {
      // From now on it keeps the process alive only while somebody waits for an answer.
      this.#worker.unref()
      this.#ready.resolve()
      return
    }
    const waiting = this.#waiting.get(message.job)
    this.#waiting.delete(message.job)
    clearTimeout(waiting?.silence)
    waiting?.resolve(message.answer)
  }

  #lose(reason: string): void {
    this.#loss ??= new Error(reason)
    for (const { reject, silence } of this.#waiting.values()) {
      clearTimeout(silence)
      reject(unavailable(this.#loss))
    }
    this.#waiting.clear()
    this.#ready.reject(this.#loss)
    this.#lost.resolve(this.#loss)
  }
}

/**
 * Node's permission model does not bind threads: one that an intruder could start would read the master key file. There is no
 * way back. Without the permission model there is nothing to give up.
 *
 * @throws {SetupError} where this version of Node cannot do it
 */
export function giveUpThreads(): void {
  const permission = process.permission as DroppablePermission | undefined
  if (!permission) return
  permission.drop?.('worker')
  if (permission.has('worker')) {
    throw new SetupError(
      `Node.js ${process.version} cannot give up its permission for threads, without which the API would not be safe: use 24.21 or later.`,
    )
  }
}

/** `drop` is newer than the types of Node that are used here. */
type DroppablePermission = NodeJS.ProcessPermission & { drop?(scope: string): void }

const unavailable = (cause: Error) =>
  new ServiceError('vault_unavailable', { retryAfter: retryAfterLoss, cause })
