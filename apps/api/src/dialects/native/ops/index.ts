/** /v1/ops: what operators see of the whole installation, and what they do to it. */
import { Hono } from 'hono'
import { onlyMethods, protect } from '../../../guards.ts'
import type { Env, Services } from '../../../services.ts'
import { drainWorker } from './drain-worker.ts'
import { getConcurrency } from './get-concurrency.ts'
import { getFigures } from './get-figures.ts'
import { getOverview } from './get-overview.ts'
import { getOverviewEvents } from './get-overview-events.ts'
import { listDeadLots } from './list-dead-lots.ts'
import { listFailures } from './list-failures.ts'
import { pauseLane } from './pause-lane.ts'
import { resumeLane } from './resume-lane.ts'
import { resumeWorker } from './resume-worker.ts'
import { retryDeadLot } from './retry-dead-lot.ts'
import { retryFailures } from './retry-failures.ts'
import { setConcurrency } from './set-concurrency.ts'
import { setWorkerConcurrency } from './set-worker-concurrency.ts'

const endpoints = {
  '/overview': [getOverview],
  '/figures': [getFigures],
  '/events': [getOverviewEvents],
  '/lanes': [pauseLane, resumeLane],
  '/concurrency': [getConcurrency, setConcurrency],
  '/workers': [drainWorker, resumeWorker, setWorkerConcurrency],
  '/dead-lots': [listDeadLots, retryDeadLot],
  '/failures': [listFailures, retryFailures],
}

const methods = {
  '/overview': ['GET', 'HEAD'],
  '/figures': ['GET', 'HEAD'],
  '/events': ['GET', 'HEAD'],
  '/lanes/:lane/pause': ['POST'],
  '/lanes/:lane/resume': ['POST'],
  '/concurrency': ['GET', 'HEAD', 'PATCH'],
  '/workers/:id/drain': ['POST'],
  '/workers/:id/resume': ['POST'],
  '/workers/:id/concurrency': ['PATCH'],
  '/dead-lots': ['GET', 'HEAD'],
  '/dead-lots/:id/retry': ['POST'],
  '/failures': ['GET', 'HEAD'],
  '/failures/retry': ['POST'],
}

export function opsRoutes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  for (const [resource, its] of Object.entries(endpoints)) {
    // Matches the resource itself as well.
    app.use(`${resource}/*`, protect(services))
    for (const endpoint of its) app.route(resource, endpoint(services))
  }
  for (const [path, allowed] of Object.entries(methods)) app.all(path, onlyMethods(...allowed))
  return app
}
