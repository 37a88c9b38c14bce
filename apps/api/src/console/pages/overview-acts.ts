/** What operators do from the overview; the same functions as those of /v1/ops, which write the same entries into the audit. */
import { laneName, workerId } from '@csr-foundry/native-api'
import { pauseLane, resumeLane } from '@csr-foundry/queue'
import {
  drainWorker,
  resumeWorker,
  setConcurrency,
  setWorkerConcurrency,
} from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { parseQuery, readForm } from '../forms.ts'
import { type Notice, withNotice } from '../notices.ts'
import { lotsChangeOf } from '../parts/lots-at-once.ts'

const done = (c: Context<Env>, notice: Notice) =>
  c.redirect(withNotice('/dashboard/overview', notice), 303)

export const overviewActs = (services: Services) => {
  const { redis } = services
  return new Hono<Env>()
    .use(requireRole('operate'))
    .post('/lanes/:lane/pause', async (c) => {
      await pauseLane(services, c.get('place'), parseQuery(laneName, c.req.param('lane') as never))
      return done(c, 'lane-paused')
    })
    .post('/lanes/:lane/resume', async (c) => {
      await resumeLane(services, c.get('place'), parseQuery(laneName, c.req.param('lane') as never))
      return done(c, 'lane-resumed')
    })
    .post('/workers/:id/drain', async (c) => {
      await drainWorker(redis, c.get('place'), workerOf(c))
      return done(c, 'worker-draining')
    })
    .post('/workers/:id/resume', async (c) => {
      await resumeWorker(redis, c.get('place'), workerOf(c))
      return done(c, 'worker-changed')
    })
    .post('/workers/:id/concurrency', async (c) => {
      const form = await readForm(c)
      // What is set for all counts for a worker again as soon as nothing is set for it.
      const asked = form.has('as') ? { fast: null, slow: null } : lotsChangeOf(form, undefined)
      await setWorkerConcurrency(redis, c.get('place'), workerOf(c), asked)
      return done(c, 'concurrency-changed')
    })
    .post('/concurrency', async (c) => {
      await setConcurrency(redis, c.get('place'), lotsChangeOf(await readForm(c), null))
      return done(c, 'concurrency-changed')
    })
}

function workerOf(c: Context<Env>): string {
  const id = c.req.param('id') ?? ''
  if (!workerId.safeParse(id).success) throw new ServiceError('worker_not_found')
  return id
}
