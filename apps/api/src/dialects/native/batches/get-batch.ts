/** GET /v1/batches/{id}: how far a batch is. */
import { idSchema, batchView as view } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import type { BatchPace } from './batch-pace.ts'
import { batchView, requireBatch } from './batch-view.ts'
import { runningBatch } from './examples.ts'

export const getBatch = ({ redis }: Services, pace: BatchPace) =>
  new Hono<Env>().get(
    '/:id',
    operation('getBatch', {
      summary: 'Show a batch',
      description:
        'With its counts, the first 100 of its rejected rows, and while it runs its rate and an estimate of the time that is left.',
      role: 'read',
      params: z.object({ id: idSchema }),
      answers: {
        200: {
          description: 'The batch.',
          body: jsonOf(view, { 'A batch that runs': runningBatch }),
        },
      },
      errors: ['batch_not_found'],
    }),
    async (c) => {
      const place = c.get('place')
      const batch = await requireBatch(redis, place, c.req.valid('param').id)
      return c.json(await batchView(redis, place, batch, pace))
    },
  )
