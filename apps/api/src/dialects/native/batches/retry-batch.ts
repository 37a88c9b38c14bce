/** POST /v1/batches/{id}/retry: queues what has failed again, under the same ids. It is noted at once, and done in the background. */
import { idSchema, batchView as view } from '@csr-foundry/native-api'
import { retryBatch as retry } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { onceOf } from '../../../idempotency.ts'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { answerChange } from './answer-change.ts'
import type { BatchPace } from './batch-pace.ts'
import { runningBatch } from './examples.ts'

export const retryBatch = (services: Services, pace: BatchPace) =>
  new Hono<Env>().post(
    '/:id/retry',
    operation('retryBatch', {
      summary: 'Try the failed requests of a batch again',
      description: 'They keep their ids. It is noted at once and done within moments.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      headers: ['Idempotency-Key'],
      answers: {
        202: {
          description: 'It is noted.',
          headers: ['Location'],
          body: jsonOf(view, { 'A batch that runs': runningBatch }),
        },
      },
      errors: ['batch_not_found', 'batch_busy', 'idempotency_key_reused', 'request_gone'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const asked = await retry(services.redis, c.get('place'), id, await onceOf(c))
      return await answerChange(services, c, pace, { id, asked })
    },
  )
