/** Lenovo XClarity Administrator's API, as far as it is about certificate signing requests. */

import { Hono } from 'hono'
import { onlyMethods, protect } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import type { Dialect } from '../dialect.ts'
import { certificatePolicy } from './certificate-policy.ts'
import { certificateSettings } from './certificate-settings.ts'
import { createCsr } from './create-csr.ts'
import { createSession } from './create-session.ts'
import { deleteCsr } from './delete-csr.ts'
import { endSession } from './end-session.ts'
import { getAicc } from './get-aicc.ts'
import { getCsr, readyDetails, readyPem } from './get-csr.ts'
import { getTasks } from './get-tasks.ts'
import { errorViews, failure, messageIds } from './messages.ts'

const resources = [
  '/sessions',
  '/certificateSigningRequest',
  '/certificatePolicy',
  '/certificateSettings',
  '/tasks',
  '/aicc',
]

export const lxcaDialect: Dialect = {
  name: 'lxca',
  owns: () => true,
  routes,
  failure,
  errorViews,
  cookies: true,
  about: "Lenovo XClarity Administrator's API, as far as it is about certificate signing requests.",
  errorIds: messageIds,
  shortcuts: [readyPem, readyDetails],
}

function routes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  // Before what asks for credentials: it gives them.
  app.route('/sessions', createSession(services))
  // The star stands for nothing too: a second line for the bare path would count each change twice.
  for (const resource of resources) app.use(`${resource}/*`, protect(services, { cookies: true }))
  app.route('/sessions', endSession(services))
  app.route('/certificateSigningRequest', createCsr(services))
  app.route('/certificateSigningRequest', getCsr(services))
  app.route('/certificateSigningRequest', deleteCsr(services))
  app.route('/certificatePolicy', certificatePolicy(services))
  app.route('/certificateSettings', certificateSettings(services))
  app.route('/tasks', getTasks(services))
  app.route('/aicc', getAicc())
  app.all('/sessions', onlyMethods('POST', 'DELETE'))
  app.all('/certificateSigningRequest', onlyMethods('GET', 'HEAD', 'POST', 'DELETE'))
  app.all('/certificateSigningRequest/:path', onlyMethods('GET', 'HEAD', 'DELETE'))
  app.all('/certificatePolicy', onlyMethods('GET', 'HEAD', 'PUT'))
  for (const path of ['/certificateSettings', '/tasks', '/tasks/:list', '/aicc']) {
    app.all(path, onlyMethods('GET', 'HEAD'))
  }
  return app
}
