import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { dialectOf } from '../dialects/index.ts'
import type { Env, Services } from '../services.ts'
import { callFigures, routeKey } from './call-figures.ts'

/** Counts each call by its route and how it ended. */
export const countCalls = (services: Services) =>
  createMiddleware<Env>(async (c, next) => {
    const started = performance.now()
    await next()
    const route = routeKey(dialectNameOf(c.req.path), c.req.method, routeOf(c))
    callFigures(services).count(route, c.res.status, performance.now() - started)
  })

/** The dialect that owns a path; the console is one here. */
export const dialectNameOf = (path: string) =>
  /^\/dashboard(\/|$)/.test(path) ? 'console' : dialectOf(path).name

/** The pattern that was meant: of an endpoint, or else of what stands before several of them. Never the path itself. */
export function routeOf(c: Context<Env>): string {
  const paths = matchedRoutes(c).map(({ path }) => path)
  const isOwn = (path: string) => path !== '*' && path !== '/*'
  return paths.findLast((path) => !path.endsWith('*')) ?? paths.findLast(isOwn) ?? 'other'
}
