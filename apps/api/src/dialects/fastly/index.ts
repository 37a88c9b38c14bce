/** Fastly's API for TLS private keys and certificate signing requests. */
import { Hono } from 'hono'
import { onlyMethods, protect } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import type { Dialect } from '../dialect.ts'
import { createCsr } from './create-csr.ts'
import { createPrivateKey } from './create-private-key.ts'
import { deleteCsr } from './delete-csr.ts'
import { deletePrivateKey } from './delete-private-key.ts'
import { errorIds, errorViews, failure } from './errors.ts'
import { getCsr } from './get-csr.ts'
import { getCsrJob } from './get-csr-job.ts'
import { getPrivateKey } from './get-private-key.ts'
import { listCsrs } from './list-csrs.ts'
import { listPrivateKeys } from './list-private-keys.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'

export const fastlyDialect: Dialect = {
  name: 'fastly',
  owns: (path) => /^\/tls(\/|$)/.test(path),
  routes,
  failure,
  errorViews,
  writeHeaders: ['Fastly-RateLimit-Remaining', 'Fastly-RateLimit-Reset'],
  errorIds,
  about: 'The TLS certificate signing requests and private keys of Fastly, and what they lack.',
}

const csrs = '/tls/certificate_signing_requests'
const jobs = '/tls/csr_jobs'
const keys = '/tls/private_keys'

function routes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  // The star stands for nothing as well, so each call is counted once.
  for (const path of [csrs, jobs, keys]) app.use(`${path}/*`, rateLimitHeaders, protect(services))
  for (const endpoint of [createCsr, listCsrs, getCsr, deleteCsr]) {
    app.route(csrs, endpoint(services))
  }
  app.route(jobs, getCsrJob(services))
  for (const endpoint of [createPrivateKey, listPrivateKeys, getPrivateKey, deletePrivateKey]) {
    app.route(keys, endpoint(services))
  }
  for (const path of [csrs, keys]) app.all(path, onlyMethods('GET', 'HEAD', 'POST'))
  for (const path of [csrs, keys]) app.all(`${path}/:id`, onlyMethods('GET', 'HEAD', 'DELETE'))
  app.all(`${jobs}/:id`, onlyMethods('GET', 'HEAD'))
  return app
}
