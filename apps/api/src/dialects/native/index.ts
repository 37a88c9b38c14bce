/** The service's own API: everything under /v1, and what belongs to no other dialect's product. */
import { Hono } from 'hono'
import { onlyMethods, protect } from '../../guards.ts'
import { getMetrics } from '../../metrics/get-metrics.ts'
import type { Env, Services } from '../../services.ts'
import type { Dialect } from '../dialect.ts'
import { accountRoutes } from './accounts/index.ts'
import { batchRoutes } from './batches/index.ts'
import { createRequest } from './create-request.ts'
import { deleteKey } from './delete-key.ts'
import { deleteRequest } from './delete-request.ts'
import { exportKey } from './export-key.ts'
import { getAuditSeal } from './get-audit-seal.ts'
import { getKey } from './get-key.ts'
import { getPolicy } from './get-policy.ts'
import { getRequest, readyRequest } from './get-request.ts'
import { importKey } from './import-key.ts'
import { listAudit } from './list-audit.ts'
import { listKeys } from './list-keys.ts'
import { listOwnFailures } from './list-own-failures.ts'
import { listRequests } from './list-requests.ts'
import { opsRoutes } from './ops/index.ts'
import { errorViews, failure } from './problem.ts'
import { putPolicy } from './put-policy.ts'
import { retryOwnFailures } from './retry-own-failures.ts'
import { retryRequest } from './retry-request.ts'
import { verifyAudit } from './verify-audit.ts'

const ownPaths = /^\/(v1|docs|healthz|readyz|metrics|openapi\.json)(\/|$)/

export const nativeDialect: Dialect = {
  name: 'native',
  owns: (path) => ownPaths.test(path),
  routes,
  failure,
  errorViews,
  about: 'The own API of csr-foundry: all that it can do.',
  shortcuts: [readyRequest],
}

const endpoints = {
  '/v1/requests': [listRequests, createRequest, getRequest, deleteRequest, retryRequest],
  '/v1/failures': [listOwnFailures, retryOwnFailures],
  '/v1/keys': [listKeys, importKey, getKey, deleteKey, exportKey],
  '/v1/audit': [listAudit, getAuditSeal, verifyAudit],
  '/v1/policy': [getPolicy, putPolicy],
}

const methods = {
  '/v1/requests': ['GET', 'HEAD', 'POST'],
  '/v1/requests/:id': ['GET', 'HEAD', 'DELETE'],
  '/v1/requests/:id/retry': ['POST'],
  '/v1/failures': ['GET', 'HEAD'],
  '/v1/failures/retry': ['POST'],
  '/v1/keys': ['GET', 'HEAD', 'POST'],
  '/v1/keys/:id': ['GET', 'HEAD', 'DELETE'],
  '/v1/keys/:id/export': ['POST'],
  '/v1/audit': ['GET', 'HEAD'],
  '/v1/audit/seal': ['GET', 'HEAD'],
  '/v1/audit/verify': ['POST'],
  '/v1/policy': ['GET', 'HEAD', 'PUT'],
}

function routes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  for (const [resource, its] of Object.entries(endpoints)) {
    // Matches the resource itself as well.
    app.use(`${resource}/*`, protect(services))
    for (const endpoint of its) app.route(resource, endpoint(services))
  }
  for (const [path, allowed] of Object.entries(methods)) app.all(path, onlyMethods(...allowed))
  app.route('/v1/batches', batchRoutes(services))
  app.route('/v1/accounts', accountRoutes(services))
  app.route('/v1/ops', opsRoutes(services))
  app.route('/', getMetrics(services))
  return app
}
