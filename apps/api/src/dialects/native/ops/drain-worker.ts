/** POST /v1/ops/workers/{id}/drain: it ends what it has and takes no more lots. */
import { workerId, workerOrders } from '@csr-foundry/native-api'
import { drainWorker as drain } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { workerOrders as example } from './examples.ts'

export const drainWorker = ({ redis }: Services) =>
  new Hono<Env>().post(
    '/:id/drain',
    operation('drainWorker', {
      summary: 'Drain a worker',
      description:
        'It ends what it has and takes no more. The process stays, idle, until it is told to go on or is stopped; another that starts in its place takes lots.',
      role: 'operate',
      params: z.object({ id: workerId }),
      answers: {
        200: {
          description: 'What the worker has been told.',
          body: jsonOf(workerOrders, { 'It drains': { ...example, draining: true } }),
        },
      },
      errors: ['worker_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json({ id, ...(await drain(redis, c.get('place'), id)) })
    },
  )
