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

  constructor(redis: Redis, onError: (error: Error) => void) {
    this.#redis = redis
    this.#onError = onError
  }

  async start(): Promise<void> {
    await noteWorker(this.#redis, this.#name)
    this.#timer = setInterval(() => noteWorker(this.#redis, this.#name).catch(this.#onError), every)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await forgetWorker(this.#redis, this.#name)
  }
}
