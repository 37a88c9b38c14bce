/** POST /v1/batches/{id}/cancel: stops what is queued. It is noted at once, and done in the background. */
import { idSchema, batchView as view } from '@csr-foundry/native-api'
import { cancelBatch as cancel } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { onceOf } from '../../../idempotency.ts'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { answerChange } from './answer-change.ts'
import type { BatchPace } from './batch-pace.ts'
import { runningBatch } from './examples.ts'

export const cancelBatch = (services: Services, pace: BatchPace) =>
  new Hono<Env>().post(
    '/:id/cancel',
    operation('cancelBatch', {
      summary: 'Cancel what is queued of a batch',
      description:
        'What is ready stays. It is noted at once and done within moments; a batch that is being taken in is taken in no further.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      headers: ['Idempotency-Key'],
      answers: {
        202: {
          description: 'It is noted.',
          headers: ['Location'],
          body: jsonOf(view, { 'A batch': { ...runningBatch, state: 'cancelled' } }),
        },
      },
      errors: ['batch_not_found', 'idempotency_key_reused', 'request_gone'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const asked = await cancel(services.redis, c.get('place'), id, await onceOf(c))
      return await answerChange(services, c, pace, { id, asked })
    },
  )
