import { installationKeys } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { setAnswerHeader } from '../http/answer-headers.ts'
import type { Env, Services } from '../services.ts'
import type { Caller } from './caller.ts'
import { countWhenFull } from './count-when-full.ts'
import { isSafe } from './safe-methods.ts'

const window = 60

/** What may still be written, and when that is reset, in seconds since the epoch. */
export type RateLimit = {
  readonly remaining: number
  readonly reset: number
  /** The same for the headers of {@link tellRateLimit}. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** One of the two limits: how much it allows, what is left, less than nothing where it was one too many, `ms` until it is all new. */
type Counted = {
  readonly policy: 'default' | 'tenant'
  readonly most: number
  readonly remaining: number
  readonly ms: number
}

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

  /**
   * Counts one, and tells what is left to `tell`, also where that is nothing; not where nothing is limited.
   *
   * @throws {ServiceError} `writes_throttled`
   */
  async count(
    { id, place: { tenant } }: Pick<Caller, 'id' | 'place'>,
    tell: (left: RateLimit) => void = () => {},
  ): Promise<void> {
    const { ofPrincipal, ofTenant } = this.#most
    // Both in one round trip: nothing is awaited in between, and what is sent in one turn goes out together.
    const [own, all] = await Promise.all([
      this.#countOne(id, 'default', ofPrincipal),
      this.#countOne(tenant, 'tenant', ofTenant),
    ])
    const [tighter] = [own, all].filter((one) => one !== undefined).toSorted(byRemaining)
    if (tighter) tell(rateLimitOf(tighter))
    if (own && own.remaining < 0) {
      // What is refused to one is not to use up what the others of his tenant have.
      if (all) await this.#counter.reward(tenant)
      throw throttled(own, `The account may change things ${ofPrincipal} times a minute.`)
    }
    if (all && all.remaining < 0) {
      const detail = `The accounts of the tenant may change things ${ofTenant} times a minute, together.`
      throw throttled(all, detail)
    }
  }

  async #countOne(
    name: string,
    policy: Counted['policy'],
    most: number,
  ): Promise<Counted | undefined> {
    if (most === 0) return undefined
    const { consumedPoints, msBeforeNext } = await this.#counter.penalty(name)
    return { policy, most, remaining: most - consumedPoints, ms: msBeforeNext }
  }
}

/** Lets a caller write so often a minute. */
export const limitWrites = (services: Services) =>
  createMiddleware<Env>(async (c, next) => {
    if (!isSafe(c.req.method)) {
      await services.writeLimit.count(c.get('caller'), (left) => tellRateLimit(c, left))
    }
    await next()
  })

/** Hands on what is left: to a dialect that has headers of its own for it, else to the caller in the usual ones. */
function tellRateLimit(c: Context<Env>, left: RateLimit): void {
  c.set('rateLimit', left)
  if (c.get('hasOwnRateHeaders')) return
  for (const [name, value] of left.headers) setAnswerHeader(c, name, value)
}

/** The headers are those of draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4: lists of RFC 9651 with one item. */
function rateLimitOf({ policy, most, remaining, ms }: Counted): RateLimit {
  const left = Math.max(0, remaining)
  const seconds = Math.ceil(ms / 1_000)
  return {
    remaining: left,
    reset: Math.ceil((Date.now() + ms) / 1_000),
    headers: [
      ['RateLimit', `"${policy}";r=${left};t=${seconds}`],
      ['RateLimit-Policy', `"${policy}";q=${most};w=${window}`],
    ],
  }
}

const byRemaining = (a: Counted, b: Counted) => a.remaining - b.remaining

function throttled({ ms }: Counted, detail: string): ServiceError {
  const retryAfter = Math.max(1, Math.ceil(ms / 1_000))
  return new ServiceError('writes_throttled', { retryAfter, detail })
}
