/** What operators do from the overview; the same functions as those of /v1/ops, which write the same entries into the audit. */
import { concurrencyBody, laneName, workerId } from '@csr-foundry/native-api'
import { pauseLane, resumeLane } from '@csr-foundry/queue'
import { drainWorker, resumeWorker, setWorkerConcurrency } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { parseFields, parseQuery, readForm } from '../forms.ts'
import { type Notice, withNotice } from '../notices.ts'

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
      const lots = (lane: 'fast' | 'slow') => {
        const text = form.get(lane) ?? ''
        return text === '' ? {} : { [lane]: Number(text) }
      }
      const asked = parseFields(concurrencyBody, { ...lots('fast'), ...lots('slow') })
      await setWorkerConcurrency(redis, c.get('place'), workerOf(c), asked)
      return done(c, 'worker-changed')
    })
}

function workerOf(c: Context<Env>): string {
  const id = c.req.param('id') ?? ''
  if (!workerId.safeParse(id).success) throw new ServiceError('worker_not_found')
  return id
}
