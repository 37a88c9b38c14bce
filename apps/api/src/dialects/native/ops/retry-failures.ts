/** POST /v1/ops/failures/retry: queues what has failed with one code again, of one tenant or of all. */
import { retriedView, retryFailuresBody } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { cursorOf, fromCursor } from '../cursor.ts'
import { retryFailures as retry } from './acts.ts'

const point = z.strictObject({ tenant: z.string(), below: z.string() })

export const retryFailures = (services: Services) =>
  new Hono<Env>().post(
    '/retry',
    operation('retryFailures', {
      summary: 'Try what has failed with one code again',
      description:
        'Each request keeps its path id. A call looks at up to 2,048 failed requests; with `next` of its answer as `cursor` the same call goes on. They wait in turn with the work of batches.',
      role: 'operate',
      body: jsonBodyOf(retryFailuresBody, {
        'Of all tenants': { code: 'csr_not_made' },
        'Of one tenant': { code: 'worker_died', tenant: 'acme' },
      }),
      answers: {
        202: {
          description: 'So many are queued.',
          body: jsonOf(retriedView, { 'All of them': { retried: 3 } }),
        },
      },
    }),
    async (c) => {
      const { code, tenant, cursor } = c.req.valid('json')
      const { retried, next } = await retry(services, c.get('place'), {
        code,
        ...(tenant !== undefined && { tenant }),
        ...(cursor !== undefined && { from: fromCursor(cursor, point) }),
      })
      return c.json({ retried, ...(next && { next: cursorOf(next) }) }, 202)
    },
  )
