/**
 * One batch that the intake thread reads, as the process sees it: chunks of its body go there, blocks come back.
 *
 * Rules: only so many bytes are on their way or wait there; then the client's connection is not read until the thread has
 * taken some of them. A chunk is copied and the copy handed over: the memory of the chunk itself may have other parts.
 */
import { BatchInputError } from '../batch-input/batch-input-error.ts'
import { weightOf } from './body-queue.ts'
import type { BatchForm, DigestedBlock, Message, Order, Outcome } from './thread-messages.ts'

/** Two of what a socket gives at once. */
const mostOnWay = 128 * 1024

export type BatchSource = {
  readonly form: BatchForm
  /** The body; ends with the reason of `stop` when that fires. */
  readonly chunks: (stop: AbortSignal) => AsyncIterable<Uint8Array>
  /** Ends it early, with a reason; fires in any case when it is over. */
  readonly stop: AbortController
}

type Tell = (order: Order, handedOver?: ArrayBuffer[]) => void
type Asked = PromiseWithResolvers<DigestedBlock | undefined>

export class BatchJob {
  readonly #job: number
  readonly #tell: Tell
  readonly #stop: AbortController
  readonly #sent: Promise<void>
  #onWay = 0
  #room = Promise.withResolvers<void>()
  #asked: Asked | undefined
  /** Why the body did not come whole. */
  #cut: unknown
  #failure: { readonly reason: unknown } | undefined

  constructor(job: number, { form, chunks, stop }: BatchSource, tell: Tell) {
    this.#job = job
    this.#tell = tell
    this.#stop = stop
    const { signal } = stop
    signal.addEventListener('abort', () => this.fail(signal.reason), { once: true })
    if (signal.aborted) this.fail(signal.reason)
    tell({ does: 'open', job, form })
    this.#sent = this.#send(chunks(signal))
  }

  /**
   * The next block, undefined after the last. It is read from now on, also while nobody waits for it yet.
   *
   * @param earlier how many blocks of the batch an earlier call has taken in: their rows are read, and not parsed
   * @throws {BatchInputError}
   * @throws the reason of `stop`; what the body throws, after all blocks that were whole before
   */
  block(earlier: number): Promise<DigestedBlock | undefined> {
    const asked: Asked = Promise.withResolvers()
    asked.promise.catch(() => {})
    this.#asked = asked
    if (this.#failure) asked.reject(this.#failure.reason)
    else this.#tell({ does: 'next', job: this.#job, earlier })
    return asked.promise
  }

  take(message: Extract<Message, { job: number }>): void {
    if (message.says !== 'took') this.#settle(message)
    else {
      this.#onWay -= message.bytes
      this.#room.resolve()
    }
  }

  /** Whoever waits for a block, or asks for one, hears `reason`. */
  fail(reason: unknown): void {
    this.#failure ??= { reason }
    this.#asked?.reject(this.#failure.reason)
    this.#room.resolve()
  }

  /** Ends it here and in the thread; resolves when nothing of the body is read any more. */
  async leave(): Promise<void> {
    this.#stop.abort()
    this.#tell({ does: 'forget', job: this.#job })
    await this.#sent
  }

  #settle(outcome: Outcome): void {
    if (outcome.says === 'block') this.#asked?.resolve(outcome.block)
    else if (outcome.says === 'over') this.#asked?.resolve(undefined)
    else this.fail(this.#reasonOf(outcome))
  }

  #reasonOf(outcome: Exclude<Outcome, { says: 'block' | 'over' }>): unknown {
    if (outcome.says === 'broken') return this.#cut
    if (outcome.says === 'failed') return new Error(`The intake thread met a ${outcome.error}.`)
    return new BatchInputError(outcome.code, outcome.faults, outcome.line)
  }

  /** Never throws: what the body throws is told when the thread has read what came before. */
  async #send(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const job = this.#job
    try {
      for await (const chunk of chunks) {
        const bytes = new Uint8Array(chunk)
        this.#onWay += weightOf(bytes)
        this.#tell({ does: 'read', job, bytes }, [bytes.buffer])
        await this.#untilRoom()
      }
      this.#tell({ does: 'end', job, broken: false })
    } catch (error) {
      this.#cut = error
      this.#tell({ does: 'end', job, broken: true })
    }
  }

  async #untilRoom(): Promise<void> {
    while (this.#onWay >= mostOnWay && !this.#stop.signal.aborted) {
      this.#room = Promise.withResolvers()
      await this.#room.promise
    }
  }
}
