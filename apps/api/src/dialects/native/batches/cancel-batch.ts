/** POST /v1/batches/{id}/cancel: stops what is queued. It is noted at once, and done in the background. */
import { idSchema, batchView as view } from '@csr-foundry/native-api'
import { cancelBatch as cancel } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { changeInBackground } from './add-lots.ts'
import type { BatchPace } from './batch-pace.ts'
import { batchView, requireBatch } from './batch-view.ts'
import { runningBatch } from './examples.ts'
import { batchNotFound } from './intake-errors.ts'

export const cancelBatch = (services: Services, pace: BatchPace) =>
  new Hono<Env>().post(
    '/:id/cancel',
    operation('cancelBatch', {
      summary: 'Cancel what is queued of a batch',
      description:
        'What is ready stays. It is noted at once and done within moments; a batch that is being taken in is taken in no further.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      answers: {
        202: {
          description: 'It is noted.',
          headers: ['Location'],
          body: jsonOf(view, { 'A batch': { ...runningBatch, state: 'cancelled' } }),
        },
      },
      errors: ['batch_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { redis } = services
      const place = c.get('place')
      if ((await cancel(redis, place, id)) === 'unknown') throw batchNotFound(id)
      changeInBackground(services, c, id)
      const batch = await batchView(redis, place, await requireBatch(redis, place, id), pace)
      return c.json(batch, 202, { Location: batch.links.self })
    },
  )
