import { readWriteRefusal, type WriteRefusal } from '@csr-foundry/records'
import type { Redis } from 'ioredis'

const every = 1_000
const remembered = 60_000

type Sample = { readonly at: number; readonly ms: number }

export type RedisHealth = {
  readonly reachable: boolean
  readonly latencyMs: number
  readonly worstLatencyMs: number
  /** How long the longest stall of the last five minutes was; 0: none. */
  readonly longestStallMs: number
  /** Why its last answer was that it takes no writes; undefined: it takes them. */
  readonly refusal: WriteRefusal | undefined
}

/** From here on (ms) an answer of Redis is a stall. */
export const stallMs = 2_000
const stallRemembered = 300_000

/**
 * How long Redis takes to answer this process, asked every second from the first question on. What is not answered yet counts by how
 * long it has been awaited, so that a stall is seen while it lasts.
 */
export class RedisProbe {
  readonly #redis: Redis
  #samples: Sample[] = []
  #stalls: Sample[] = []
  #asking = false
  #refusal: WriteRefusal | undefined
  #awaitedSince: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** Asks on, until the process ends: who looks once looks again. */
  async start(): Promise<void> {
    if (this.#timer) return
    this.#timer = setInterval(() => this.#ask(), every).unref()
    await this.#ask()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  health(): RedisHealth {
    const now = performance.now()
    const awaited = this.#awaitedSince === undefined ? 0 : now - this.#awaitedSince
    this.#forget(now)
    const last = this.#samples.at(-1)?.ms ?? 0
    const worst = (samples: readonly Sample[]) => Math.max(0, ...samples.map(({ ms }) => ms))
    return {
      reachable: awaited < stallMs,
      latencyMs: Math.max(last, awaited),
      worstLatencyMs: Math.max(worst(this.#samples), awaited),
      longestStallMs: Math.max(worst(this.#stalls), awaited >= stallMs ? awaited : 0),
      refusal: this.#refusal,
    }
  }

  /** One that failed, because it took too long or the connection is broken, is awaited still. */
  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    this.#awaitedSince ??= performance.now()
    try {
      // Not by PING: Redis refuses that as well where it cannot write its file, and answers all the same.
      this.#refusal = await readWriteRefusal(this.#redis)
      const now = performance.now()
      this.#note({ at: now, ms: now - this.#awaitedSince })
      this.#awaitedSince = undefined
    } catch {
      // The next one asks again.
    } finally {
      this.#asking = false
    }
  }

  #note(sample: Sample): void {
    this.#samples.push(sample)
    if (sample.ms >= stallMs) this.#stalls.push(sample)
    this.#forget(sample.at)
  }

  #forget(now: number): void {
    this.#samples = this.#samples.filter(({ at }) => at > now - remembered)
    this.#stalls = this.#stalls.filter(({ at }) => at > now - stallRemembered)
  }
}
