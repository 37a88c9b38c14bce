import type { Redis } from 'ioredis'

const probeEvery = 500
const answerWithin = 500

/**
 * The one subscription of a process.
 *
 * News that were published while the connection was broken are lost, so whoever relies on them listens for `live` and reads
 * again what it waits for, and keeps nothing cached while {@link Subscription.live} is false.
 */
export class Subscription {
  readonly #redis: Redis
  readonly #listeners = new Map<string, (message: string) => void>()
  readonly #onLive: (() => void)[] = []
  readonly #timer: NodeJS.Timeout
  #live = false

  /** `redis` is a connection of its own, of purpose `subscribe`. */
  constructor(redis: Redis) {
    this.#redis = redis
    redis.on('message', (channel: string, message: string) =>
      this.#listeners.get(channel)?.(message),
    )
    redis.on('ready', () => void this.#subscribe())
    redis.on('close', () => {
      this.#live = false
    })
    this.#timer = setInterval(() => void this.#probe(), probeEvery)
    this.#timer.unref()
  }

  /** Whether every message that is published now will be heard. */
  get live(): boolean {
    return this.#live
  }

  /** Listens to a channel; call it before {@link Subscription.start}. */
  on(channel: string, listener: (message: string) => void): void {
    if (this.#listeners.has(channel))
      throw new Error(`The channel ${channel} has a listener already.`)
    this.#listeners.set(channel, listener)
  }

  /** Called after each subscribing, also after a reconnect. */
  onLive(listener: () => void): void {
    this.#onLive.push(listener)
  }

  async start(): Promise<void> {
    if (this.#redis.status === 'ready') await this.#subscribe()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#redis.disconnect()
  }

  /** A connection whose other end is gone without a word looks open for minutes: it is live while it answers. */
  async #probe(): Promise<void> {
    if (!this.#live) return
    const late = setTimeout(() => {
      this.#live = false
      this.#redis.disconnect(true)
    }, answerWithin)
    await this.#redis.ping().catch(() => {})
    clearTimeout(late)
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#redis.subscribe(...this.#listeners.keys())
    } catch {
      // The connection broke again: its next `ready` subscribes.
      return
    }
    this.#live = true
    for (const listener of this.#onLive) listener()
  }
}
