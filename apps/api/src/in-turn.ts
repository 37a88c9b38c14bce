import type { MiddlewareHandler } from 'hono'
import type { Env } from './services.ts'

/** One middleware after the other, put together once; Hono's `every` does it at each call. None of them answers itself. */
export const inTurn = (all: readonly MiddlewareHandler<Env>[]): MiddlewareHandler<Env> =>
  all.reduceRight<MiddlewareHandler<Env>>(
    (rest, one) => (c, next) =>
      one(c, async () => {
        await rest(c, next)
      }),
    (_, next) => next(),
  )
