import { type ShardTag, settledChannel, type TenantPlace, tenantKeys } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import type { Subscription } from './subscription.ts'

/** A place among the held calls. Register, then read the record once, then wait: so no news falls between. */
export type HeldCall = {
  /** Resolves when the request has settled or the errand is done, after `milliseconds`, when one of `ends` fires, or when the process drains. */
  wait(milliseconds: number, ...ends: readonly (AbortSignal | undefined)[]): Promise<void>
  release(): void
}

type Waiting = {
  /** What is read again: its field `state` is `queued` for as long as it is not over. */
  readonly key: string
  readonly wakers: Set<() => void>
}

const rereadEvery = 5_000

/** The calls of one API process that are held open until their request has settled or their errand is done. */
export class HeldCalls {
  readonly #redis: Redis
  readonly #most: number
  readonly #mostOfTenant: number
  readonly #waiting = new Map<string, Waiting>()
  readonly #timer: NodeJS.Timeout
  /** By tenant. */
  readonly #heldOf = new Map<string, number>()
  readonly #drained = new AbortController()
  #held = 0

  /** `most` calls are held at once, a quarter of them for one tenant; beyond that {@link HeldCalls.register} gives none. */
  constructor(redis: Redis, subscription: Subscription, shards: readonly ShardTag[], most: number) {
    this.#redis = redis
    this.#most = most
    this.#mostOfTenant = Math.max(1, Math.floor(most / 4))
    for (const shard of shards) {
      subscription.on(settledChannel(shard), (message) => this.#wake(message))
    }
    subscription.onLive(() => void this.#reread())
    this.#timer = setInterval(() => void this.#reread(), rereadEvery)
    this.#timer.unref()
  }

  get count(): number {
    return this.#held
  }

  /** Fires when the process drains: what takes long comes to its end then. */
  get drained(): AbortSignal {
    return this.#drained.signal
  }

  /**
   * @param id of a request, or the name of an errand (errandName)
   * @param key of its record in Redis: that of the request, or the errand's (tenantKeys)
   */
  register(
    { tenant, shard }: TenantPlace,
    id: string,
    key = tenantKeys(shard, tenant).request(id),
  ): HeldCall | undefined {
    if (this.drained.aborted || this.#held >= this.#most) return undefined
    if ((this.#heldOf.get(tenant) ?? 0) >= this.#mostOfTenant) return undefined
    this.#count(tenant, 1)
    const news = Promise.withResolvers<void>()
    const name = `${tenant} ${id}`
    const waiting = this.#waiting.get(name) ?? { key, wakers: new Set<() => void>() }
    this.#waiting.set(name, waiting)
    waiting.wakers.add(news.resolve)
    let released = false
    return {
      wait: (milliseconds, ...ends) => firstOf(news.promise, milliseconds, ends),
      release: () => {
        if (released) return
        released = true
        this.#count(tenant, -1)
        waiting.wakers.delete(news.resolve)
        if (waiting.wakers.size === 0) this.#waiting.delete(name)
      },
    }
  }

  /** Wakes all held calls, so that each is answered, and holds no more. */
  drain(): void {
    this.#drained.abort()
    clearInterval(this.#timer)
    for (const name of this.#waiting.keys()) this.#wake(name)
  }

  #count(tenant: string, change: 1 | -1): void {
    this.#held += change
    const held = (this.#heldOf.get(tenant) ?? 0) + change
    if (held === 0) this.#heldOf.delete(tenant)
    else this.#heldOf.set(tenant, held)
  }

  #wake(name: string): void {
    for (const wake of this.#waiting.get(name)?.wakers ?? []) wake()
  }

  async #reread(): Promise<void> {
    const all = [...this.#waiting.entries()]
    if (all.length === 0) return
    const pipeline = this.#redis.pipeline()
    for (const [, { key }] of all) pipeline.hget(key, 'state')
    // While Redis is away there is nothing to learn; the next round or the next `live` asks again.
    const replies = await pipeline.exec().catch(() => null)
    for (const [index, [name]] of all.entries()) {
      const [error, state] = replies?.[index] ?? [new Error('no reply')]
      if (!error && state !== 'queued') this.#wake(name)
    }
  }
}

async function firstOf(
  news: Promise<void>,
  milliseconds: number,
  ends: readonly (AbortSignal | undefined)[],
): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, milliseconds)
  const leave = () => over.resolve()
  for (const end of ends) {
    end?.addEventListener('abort', leave, { once: true })
    if (end?.aborted) leave()
  }
  try {
    await Promise.race([news, over.promise])
  } finally {
    clearTimeout(timer)
    for (const end of ends) end?.removeEventListener('abort', leave)
  }
}
