/** Fastly's API for TLS private keys and certificate signing requests. */
import { Hono } from 'hono'
import type { Env } from '../../services.ts'
import type { Dialect } from '../dialect.ts'
import { errorIds, failure } from './errors.ts'

export const fastlyDialect: Dialect = {
  name: 'fastly',
  owns: (path) => /^\/tls(\/|$)/.test(path),
  routes: () => new Hono<Env>(),
  failure,
  errorIds,
}
