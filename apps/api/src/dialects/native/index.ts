/** The service's own API: everything under /v1, and what belongs to no other dialect's product. */
import { Hono } from 'hono'
import type { Env } from '../../services.ts'
import type { Dialect } from '../dialect.ts'
import { errorIds, failure } from './problem.ts'

const ownPaths = /^\/(v1|docs|healthz|readyz|metrics|openapi\.json)(\/|$)/

export const nativeDialect: Dialect = {
  name: 'native',
  owns: (path) => ownPaths.test(path),
  routes: () => new Hono<Env>(),
  failure,
  errorIds,
}
