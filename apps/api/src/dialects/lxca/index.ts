/** Lenovo XClarity Administrator's API, as far as it is about certificate signing requests. */

import { Hono } from 'hono'
import { onlyMethods, protect } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import type { Dialect } from '../dialect.ts'
import { certificatePolicy } from './certificate-policy.ts'
import { createCsr } from './create-csr.ts'
import { deleteCsr } from './delete-csr.ts'
import { getCsr } from './get-csr.ts'
import { failure, messageIds } from './messages.ts'

export const lxcaDialect: Dialect = {
  name: 'lxca',
  owns: () => true,
  routes,
  failure,
  errorIds: messageIds,
}

function routes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  for (const resource of ['/certificateSigningRequest', '/certificatePolicy']) {
    app.use(resource, protect(services))
    app.use(`${resource}/*`, protect(services))
  }
  app.route('/certificateSigningRequest', createCsr(services))
  app.route('/certificateSigningRequest', getCsr(services))
  app.route('/certificateSigningRequest', deleteCsr(services))
  app.route('/certificatePolicy', certificatePolicy(services))
  app.all('/certificateSigningRequest', onlyMethods('GET', 'HEAD', 'POST', 'DELETE'))
  app.all('/certificateSigningRequest/:path', onlyMethods('GET', 'HEAD', 'DELETE'))
  app.all('/certificatePolicy', onlyMethods('GET', 'HEAD', 'PUT'))
  return app
}
