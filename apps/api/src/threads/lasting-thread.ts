/**
 * A thread of the API process that is there as long as the process is.
 *
 * Rules: such threads are the first thing that the process starts, and then the process gives the permission for threads away,
 * see {@link giveUpThreads}. So a thread that dies or stops answering cannot be replaced: it is lost, every call that needs it
 * is refused, and the process has to be started anew.
 */
import { Worker } from 'node:worker_threads'

export type ThreadProgram = {
  readonly program: URL
  /** As the operating system and a debugger show it. */
  readonly name: string
  /** As a log tells of it, at the start of a sentence. */
  readonly title: string
  /** What it is told before it begins. */
  readonly workerData?: unknown
}

/** `Order`: what it is told. `Said`: what it says, once it has said that it is ready. */
export abstract class LastingThread<Order, Said> {
  readonly #worker: Worker
  readonly #title: string
  readonly #ready = Promise.withResolvers<void>()
  readonly #lost = Promise.withResolvers<Error>()
  #loss: Error | undefined

  constructor({ program, name, title, workerData }: ThreadProgram) {
    this.#title = title
    this.#worker = new Worker(program, { name, execArgv: [], workerData })
    this.#worker.on('message', (message: 'ready' | Said) => this.#take(message))
    // Its text might quote what the thread was reading.
    this.#worker.on('error', (error) => this.lose(`failed: ${error.name}`))
    this.#worker.on('exit', () => this.lose('has ended'))
    this.#ready.promise.catch(() => {})
  }

  /** Resolves when it takes orders; rejects when it cannot be started. */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  /** Resolves, with the reason, when the thread is lost. */
  get lost(): Promise<Error> {
    return this.#lost.promise
  }

  /** Throws the reason when the thread is lost: a process that ends for that has to end with an error. */
  requireAlive(): void {
    if (this.#loss) throw this.#loss
  }

  /** Ends the thread alone. */
  async stop(): Promise<void> {
    await this.#worker.terminate()
  }

  protected get loss(): Error | undefined {
    return this.#loss
  }

  protected tell(order: Order, handedOver: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, handedOver)
  }

  protected lose(how: string): void {
    this.#loss ??= new Error(`${this.#title} ${how}.`)
    this.refuseAll(this.#loss)
    this.#ready.reject(this.#loss)
    this.#lost.resolve(this.#loss)
  }

  protected abstract take(message: Said): void

  /** The thread is lost: nobody who waits for it will hear of it. */
  protected abstract refuseAll(loss: Error): void

  #take(message: 'ready' | Said): void {
    if (message !== 'ready') {
      this.take(message)
      return
    }
    // From now on it keeps the process alive only while somebody waits for an answer.
    this.#worker.unref()
    this.#ready.resolve()
  }
}
