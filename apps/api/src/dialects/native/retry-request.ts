/** POST /v1/requests/{id}/retry: queues a request that has failed again, under the same id. */
import { idSchema, requestView } from '@csr-foundry/native-api'
import { readRequest } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { gone, submitAgain } from '../../submit.ts'
import { answerRequest } from './answer-request.ts'
import { queuedRequest } from './examples.ts'
import { requestNotFound } from './request-view.ts'

export const retryRequest = (services: Services) =>
  new Hono<Env>().post(
    '/:id/retry',
    operation('retryRequest', {
      summary: 'Try a failed request again',
      description: 'It keeps its id.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      headers: ['Idempotency-Key'],
      answers: {
        202: {
          description: 'It is queued.',
          headers: ['Location', 'Retry-After'],
          body: jsonOf(requestView, { 'A queued request': queuedRequest }),
        },
      },
      errors: [
        'path_not_found',
        'request_not_failed',
        'queue_full',
        'idempotency_key_reused',
        'request_gone',
      ],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const place = c.get('place')
      const outcome = await submitAgain(services, c, id)
      const record = await readRequest(services.redis, place, id)
      if (!record) throw outcome === 'again' ? gone(`The request ${id}`) : requestNotFound(id)
      if (outcome === 'not_failed') {
        const detail = `The request ${id} is ${stateOf(record)}.`
        throw new ServiceError('request_not_failed', { detail })
      }
      return await answerRequest(services, c, record, 202)
    },
  )
