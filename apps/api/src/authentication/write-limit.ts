import { installationKeys } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { createMiddleware } from 'hono/factory'
import type { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Env, Services } from '../services.ts'
import { countWhenFull } from './count-when-full.ts'
import { isSafe } from './safe-methods.ts'

const window = 60

/** What a principal may still write, and when that is reset, in seconds since the epoch. */
export type RateLimit = { readonly remaining: number; readonly reset: number }

/** Counts what each principal writes within a minute, for all processes together. */
export class WriteLimit {
  readonly #limiter: RateLimiterRedis | undefined
  readonly #most: number

  /** `most` 0 limits nothing. */
  constructor(redis: Redis, most: number) {
    this.#most = most
    this.#limiter =
      most === 0
        ? undefined
        : new RateLimiterRedis({
            ...{ storeClient: redis, keyPrefix: installationKeys.writes },
            ...{ points: most, duration: window, customIncrTtlLuaScript: countWhenFull },
          })
  }

  /** Counts one; undefined where nothing is limited. @throws {ServiceError} `writes_throttled` */
  async count(principal: string): Promise<RateLimit | undefined> {
    if (!this.#limiter) return undefined
    const { consumedPoints, msBeforeNext } = await this.#limiter.penalty(principal)
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000))
    if (consumedPoints > this.#most) {
      const detail = `The account may change things ${this.#most} times a minute.`
      throw new ServiceError('writes_throttled', { retryAfter: seconds, detail })
    }
    const reset = Math.ceil((Date.now() + msBeforeNext) / 1_000)
    return { remaining: this.#most - consumedPoints, reset }
  }
}

/** Lets a caller write so often a minute. */
export const limitWrites = (services: Services) =>
  createMiddleware<Env>(async (c, next) => {
    if (!isSafe(c.req.method)) {
      const rateLimit = await services.writeLimit.count(c.get('caller').id)
      if (rateLimit) c.set('rateLimit', rateLimit)
    }
    await next()
  })
