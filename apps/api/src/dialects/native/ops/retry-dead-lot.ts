/** POST /v1/ops/dead-lots/{id}/retry: queues its request again. */
import { deadLotId, retriedLotView } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { retryDeadLot as retry } from './acts.ts'

export const retryDeadLot = (services: Services) =>
  new Hono<Env>().post(
    '/:id/retry',
    operation('retryDeadLot', {
      summary: 'Try a dead lot again',
      description:
        'Its request is queued in a lot of its own, under its path id. Should that kill two workers again, it is set aside again.',
      role: 'operate',
      params: z.object({ id: deadLotId }),
      answers: {
        202: {
          description: 'Its request is queued.',
          body: jsonOf(retriedLotView, { 'It is queued': { tenant: 'acme', path: '42' } }),
        },
      },
      errors: ['dead_lot_not_found'],
    }),
    async (c) => c.json(await retry(services, c.get('place'), c.req.valid('param').id), 202),
  )
