/** POST /v1/requests/{id}/retry: queues a request that has failed again, under the same id. */
import { idSchema } from '@csr-foundry/native-api'
import { readRequest } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { pathParameters, query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { submitAgain } from '../../submit.ts'
import { answerRequest } from './answer-request.ts'
import { requestNotFound } from './request-view.ts'

export const retryRequest = (services: Services) =>
  new Hono<Env>().post(
    '/:id/retry',
    requireRole('submit'),
    pathParameters(z.object({ id: idSchema })),
    query(z.strictObject({})),
    async (c) => {
      const { id } = c.req.valid('param')
      const place = c.get('place')
      const queued = await submitAgain(services, c, id)
      const record = await readRequest(services.redis, place, id)
      if (!record) throw requestNotFound(id)
      if (!queued) {
        const detail = `The request ${id} is ${stateOf(record)}.`
        throw new ServiceError('request_not_failed', { detail })
      }
      return await answerRequest(services, c, record, 202)
    },
  )
