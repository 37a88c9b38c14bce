/** Lenovo XClarity Administrator's API, as far as it is about certificate signing requests. */

import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { onlyMethods, refuseOtherSites, requireCaller } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import type { Dialect } from '../dialect.ts'
import { certificatePolicy } from './certificate-policy.ts'
import { createCsr } from './create-csr.ts'
import { deleteCsr } from './delete-csr.ts'
import { getCsr } from './get-csr.ts'
import { failure, messageIds } from './messages.ts'

const bodyBytes = 64 * 1024

export const lxcaDialect: Dialect = {
  name: 'lxca',
  owns: () => true,
  routes,
  failure,
  errorIds: messageIds,
}

function routes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  const limit = bodyLimit({
    maxSize: bodyBytes,
    onError: () => {
      throw new ServiceError('body_too_large', {
        detail: `The body has more than ${bodyBytes} bytes.`,
      })
    },
  })
  for (const resource of ['/certificateSigningRequest', '/certificatePolicy']) {
    app.use(resource, refuseOtherSites, requireCaller(services), limit)
    app.use(`${resource}/*`, refuseOtherSites, requireCaller(services), limit)
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
