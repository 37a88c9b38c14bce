/** POST /v1/batches/{id}/retry: queues what has failed again, under the same ids. It is noted at once, and done in the background. */
import { idSchema, batchView as view } from '@csr-foundry/native-api'
import { retryBatch as retry } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { changeInBackground } from './add-lots.ts'
import type { BatchPace } from './batch-pace.ts'
import { batchView, requireBatch } from './batch-view.ts'
import { runningBatch } from './examples.ts'
import { batchBusy, batchNotFound } from './intake-errors.ts'

export const retryBatch = (services: Services, pace: BatchPace) =>
  new Hono<Env>().post(
    '/:id/retry',
    operation('retryBatch', {
      summary: 'Try the failed requests of a batch again',
      description: 'They keep their ids. It is noted at once and done within moments.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      answers: {
        202: {
          description: 'It is noted.',
          headers: ['Location'],
          body: jsonOf(view, { 'A batch that runs': runningBatch }),
        },
      },
      errors: ['batch_not_found', 'batch_busy'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { redis } = services
      const place = c.get('place')
      const asked = await retry(redis, place, id)
      if (asked === 'unknown') throw batchNotFound(id)
      if (asked === 'busy') throw batchBusy(id)
      changeInBackground(services, c, id)
      const batch = await batchView(redis, place, await requireBatch(redis, place, id), pace)
      return c.json(batch, 202, { Location: batch.links.self })
    },
  )
