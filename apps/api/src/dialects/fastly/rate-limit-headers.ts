import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Env } from '../../services.ts'

/** What the real service begins an hour with. */
const unlimited = { remaining: 1_000, seconds: 3_600 }

/**
 * How much the caller may still change, on every answer to a write, errors included: clients parse these headers as whole
 * numbers without a look at whether they are there. Where nothing is counted, they say what holds nobody up.
 */
export const rateLimitHeaders = createMiddleware<Env>(async (c, next) => {
  c.set('hasOwnRateHeaders', true)
  await next()
  if (c.req.method !== 'POST' && c.req.method !== 'DELETE') return
  const { remaining, reset } = c.get('rateLimit') ?? uncounted(c)
  c.header('Fastly-RateLimit-Remaining', String(remaining))
  c.header('Fastly-RateLimit-Reset', String(reset))
})

function uncounted({ res }: Context<Env>): { remaining: number; reset: number } {
  const throttled = res.status === 429
  const seconds = throttled ? Number(res.headers.get('Retry-After')) : unlimited.seconds
  const reset = Math.ceil(Date.now() / 1_000 + seconds)
  return { remaining: throttled ? 0 : unlimited.remaining, reset }
}
