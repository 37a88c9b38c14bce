import { ServiceError } from '@csr-foundry/service'
import { createMiddleware } from 'hono/factory'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Env, Services } from '../services.ts'
import type { Caller } from './caller.ts'

const window = 60

/**
 * Counts what each principal reads within a minute from this process, which is to be there for all others as well. Processes
 * do not count together: to ask Redis would cost a read as much again.
 *
 * Counted are callers who are known, and each for a minute: there are never more of them than accounts.
 */
export class ReadLimit {
  readonly #counter: RateLimiterMemory
  readonly #most: number

  /** @param most reads of one principal within a minute; 0 limits nothing */
  constructor(most: number) {
    this.#most = most
    this.#counter = new RateLimiterMemory({ points: most, duration: window })
  }

  /** Counts one. @throws {ServiceError} `reads_throttled` */
  async count({ id }: Pick<Caller, 'id'>): Promise<void> {
    if (this.#most === 0) return
    const { consumedPoints, msBeforeNext } = await this.#counter.penalty(id)
    if (consumedPoints <= this.#most) return
    const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1_000))
    const detail = `The account may read ${this.#most} times a minute.`
    throw new ServiceError('reads_throttled', { retryAfter, detail })
  }

  /** Takes one back that will be counted by somebody else. */
  async uncount({ id }: Pick<Caller, 'id'>): Promise<void> {
    if (this.#most > 0) await this.#counter.reward(id)
  }
}

/** Lets a caller read so often a minute. A call that is held is one read, however long it waits. */
export const limitReads = ({ readLimit }: Services) =>
  createMiddleware<Env>(async (c, next) => {
    await readLimit.count(c.get('caller'))
    await next()
  })
