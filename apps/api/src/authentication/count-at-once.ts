import { createMiddleware } from 'hono/factory'
import type { Env, Services } from '../services.ts'
import { isSafe } from './safe-methods.ts'

/**
 * What is changed of accounts or of a tenant counts in this process when it is answered, whatever the answer, and in the others a
 * moment later.
 */
export const countAtOnce = (services: Services) =>
  createMiddleware<Env>(async (c, next) => {
    await next()
    if (!isSafe(c.req.method)) services.authenticator.accountsChanged()
  })
