import { hostname } from 'node:os'
import { forgetWorker, noteWorker } from '@csr-foundry/records'
import type { Redis } from 'ioredis'

const every = 5_000

/** Says every few seconds that this worker process takes lots, so that others can count who does. */
export class Presence {
  readonly #redis: Redis
  readonly #onError: (error: Error) => void
  readonly #name = `${hostname()}:${process.pid}`
  #timer: NodeJS.Timeout | undefined
  #word: Promise<void> = Promise.resolve()
  #wordUnderWay = false

  constructor(redis: Redis, onError: (error: Error) => void) {
    this.#redis = redis
    this.#onError = onError
  }

  async start(): Promise<void> {
    this.#say()
    this.#timer = setInterval(() => this.#say(), every)
    await this.#word
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    // In this order: a word that comes after the farewell would be believed.
    await this.#word
    await forgetWorker(this.#redis, this.#name)
  }

  #say(): void {
    if (this.#wordUnderWay) return
    this.#wordUnderWay = true
    this.#word = noteWorker(this.#redis, this.#name)
      .catch(this.#onError)
      .finally(() => {
        this.#wordUnderWay = false
      })
  }
}
