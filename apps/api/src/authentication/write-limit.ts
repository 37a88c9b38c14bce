import { installationKeys } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { createMiddleware } from 'hono/factory'
import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Env, Services } from '../services.ts'
import type { Caller } from './caller.ts'
import { countWhenFull } from './count-when-full.ts'
import { isSafe } from './safe-methods.ts'

const window = 60

/** What may still be written, and when that is reset, in seconds since the epoch. */
export type RateLimit = { readonly remaining: number; readonly reset: number }

/** `ms` until it is all new. */
type Counted = { readonly remaining: number; readonly ms: number }

/** The most writes within a minute; 0 limits nothing. */
export type MostWrites = { readonly ofPrincipal: number; readonly ofTenant: number }

/**
 * Counts what each principal and each tenant writes within a minute, for all processes together: an administrator could
 * have as many principals as he likes.
 */
export class WriteLimit {
  readonly #counter: RateLimiterRedis
  readonly #most: MostWrites

  constructor(redis: Redis, most: MostWrites) {
    this.#most = most
    this.#counter = new RateLimiterRedis({
      ...{ storeClient: redis, keyPrefix: installationKeys.writes },
      ...{ points: most.ofPrincipal, duration: window, customIncrTtlLuaScript: countWhenFull },
    })
  }

  /** Counts one; undefined where nothing is limited. @throws {ServiceError} `writes_throttled` */
  async count({
    id,
    place: { tenant },
  }: Pick<Caller, 'id' | 'place'>): Promise<RateLimit | undefined> {
    const { ofPrincipal, ofTenant } = this.#most
    // Both in one round trip.
    const [own, all] = await Promise.all([
      this.#countOne(id, ofPrincipal),
      this.#countOne(tenant, ofTenant),
    ])
    if (own && own.remaining < 0) {
      // What is refused to one is not to use up what the others of his tenant have.
      if (all) await this.#counter.reward(tenant)
      throw throttled(own, `The account may change things ${ofPrincipal} times a minute.`)
    }
    if (all && all.remaining < 0) {
      const detail = `The accounts of the tenant may change things ${ofTenant} times a minute, together.`
      throw throttled(all, detail)
    }
    const [tighter] = [own, all].filter((one) => one !== undefined).toSorted(byRemaining)
    if (!tighter) return undefined
    const { remaining, ms } = tighter
    return { remaining, reset: Math.ceil((Date.now() + ms) / 1_000) }
  }

  async #countOne(name: string, most: number): Promise<Counted | undefined> {
    if (most === 0) return undefined
    const { consumedPoints, msBeforeNext } = await this.#counter.penalty(name)
    return { remaining: most - consumedPoints, ms: msBeforeNext }
  }
}

/** Lets a caller write so often a minute. */
export const limitWrites = (services: Services) =>
  createMiddleware<Env>(async (c, next) => {
    if (!isSafe(c.req.method)) {
      const rateLimit = await services.writeLimit.count(c.get('caller'))
      if (rateLimit) c.set('rateLimit', rateLimit)
    }
    await next()
  })

const byRemaining = (a: Counted, b: Counted) => a.remaining - b.remaining

function throttled({ ms }: Counted, detail: string): ServiceError {
  const retryAfter = Math.max(1, Math.ceil(ms / 1_000))
  return new ServiceError('writes_throttled', { retryAfter, detail })
}
