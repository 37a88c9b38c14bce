/** GET /metrics: for Prometheus, to whom a token with the role `operate` was given. */
import { Hono } from 'hono'
import { z } from 'zod'
import { onlyMethods, protect } from '../guards.ts'
import { operation } from '../operation.ts'
import type { Env, Services } from '../services.ts'
import { apiMetrics } from './api-metrics.ts'

export function getMetrics(services: Services): Hono<Env> {
  const app = new Hono<Env>()
  app.use('/metrics', protect(services))
  app.get(
    '/metrics',
    operation('getMetrics', {
      summary: 'Fetch the metrics of this process and the installation',
      description: "In Prometheus' text format. Counts of calls are of this process alone.",
      role: 'operate',
      query: 'any',
      answers: {
        200: {
          description: 'The metrics.',
          body: { mediaType: 'text/plain', schema: z.string(), examples: {} },
        },
      },
    }),
    async (c) => {
      const { contentType, text } = await apiMetrics(services)()
      return c.body(text, 200, { 'Content-Type': contentType })
    },
  )
  app.all('/metrics', onlyMethods('GET', 'HEAD'))
  return app
}
