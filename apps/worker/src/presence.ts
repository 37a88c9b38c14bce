import { hostname } from 'node:os'
import { forgetWorker, noteWorker, type WorkerReport } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import manifest from '../package.json' with { type: 'json' }
import type { Beat } from './metrics/heartbeat.ts'
import { workerName } from './orders.ts'

/** What it says of itself, as it is when it is asked, beside how it is at the moment. */
export type Standing = Pick<WorkerReport, 'concurrency' | 'draining'>

/** Tells Redis at each beat that this worker process takes lots, and how it is, so that others can count and show who does. */
export class Presence {
  readonly #redis: Redis
  readonly #onError: (error: Error) => void
  readonly #standing: Standing
  #word: Promise<void> = Promise.resolve()
  #wordUnderWay = false
  #left = false

  constructor(redis: Redis, standing: Standing, onError: (error: Error) => void) {
    this.#redis = redis
    this.#standing = standing
    this.#onError = onError
  }

  say(beat: Beat): void {
    if (this.#wordUnderWay || this.#left) return
    this.#wordUnderWay = true
    this.#word = noteWorker(this.#redis, this.#report(beat))
      .catch(this.#onError)
      .finally(() => {
        this.#wordUnderWay = false
      })
  }

  /** Resolves when what was said last has been heard. */
  async heard(): Promise<void> {
    await this.#word
  }

  async stop(): Promise<void> {
    this.#left = true
    // In this order: a word that comes after the farewell would be believed.
    await this.#word
    await forgetWorker(this.#redis, workerName)
  }

  #report(beat: Beat): WorkerReport {
    return {
      ...{ id: workerName, host: hostname(), pid: process.pid, version: manifest.version },
      ...{ concurrency: this.#standing.concurrency, draining: this.#standing.draining },
      ...beat,
    }
  }
}
