/** /v1/batches: many requests handed in together, and what became of them. */
import { Hono } from 'hono'
import { onlyMethods, protect } from '../../../guards.ts'
import type { Env, Services } from '../../../services.ts'
import { BatchPace } from './batch-pace.ts'
import { cancelBatch } from './cancel-batch.ts'
import { createBatch } from './create-batch.ts'
import { deleteBatch } from './delete-batch.ts'
import { exportBatch } from './export-batch.ts'
import { getBatch } from './get-batch.ts'
import { getEvents } from './get-events.ts'
import { getResults } from './get-results.ts'
import { listBatches } from './list-batches.ts'
import { listRejected } from './list-rejected.ts'
import { retryBatch } from './retry-batch.ts'

const endpoints = [
  ...[listBatches, createBatch, getBatch, deleteBatch],
  ...[listRejected, getResults, getEvents, cancelBatch, retryBatch, exportBatch],
]

const methods = {
  '/': ['GET', 'HEAD', 'POST'],
  '/:id': ['GET', 'HEAD', 'DELETE'],
  '/:id/rejected': ['GET', 'HEAD'],
  '/:id/results': ['GET', 'HEAD'],
  '/:id/events': ['GET', 'HEAD'],
  '/:id/cancel': ['POST'],
  '/:id/retry': ['POST'],
  '/:id/export': ['POST'],
}

export function batchRoutes(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  const pace = new BatchPace()
  app.use('/*', protect(services, { streamedAt: '/v1/batches' }))
  for (const endpoint of endpoints) app.route('/', endpoint(services, pace))
  for (const [path, allowed] of Object.entries(methods)) app.all(path, onlyMethods(...allowed))
  return app
}
