/** POST /v1/failures/retry: queues what has failed in the caller's tenant with one code again. */
import { idSchema, retriedView, retryOwnFailuresBody } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { jsonBodyOf, jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { cursorOf, fromCursor } from './cursor.ts'
import { retryOwnFailures as retry } from './ops/acts.ts'

export const retryOwnFailures = (services: Services) =>
  new Hono<Env>().post(
    '/retry',
    operation('retryOwnFailures', {
      summary: 'Try what has failed in the tenant with one code again',
      description:
        'Each request keeps its path id. A call looks at up to 2,048 failed requests; with `next` of its answer as `cursor` the same call goes on. They wait in turn with the work of batches.',
      role: 'submit',
      body: jsonBodyOf(retryOwnFailuresBody, { 'Those of one code': { code: 'csr_not_made' } }),
      answers: {
        202: {
          description: 'So many are queued.',
          body: jsonOf(retriedView, { 'All of them': { retried: 3 } }),
        },
      },
    }),
    async (c) => {
      const { code, cursor } = c.req.valid('json')
      const below = cursor === undefined ? {} : { below: fromCursor(cursor, idSchema) }
      const { retried, next } = await retry(services, c.get('place'), { code, ...below })
      return c.json({ retried, ...(next && { next: cursorOf(next.below) }) }, 202)
    },
  )
