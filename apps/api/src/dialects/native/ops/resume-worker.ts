/** POST /v1/ops/workers/{id}/resume: a drained worker takes lots again. */
import { workerId, workerOrders } from '@csr-foundry/native-api'
import { resumeWorker as resume } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { workerOrders as example } from './examples.ts'

export const resumeWorker = ({ redis }: Services) =>
  new Hono<Env>().post(
    '/:id/resume',
    operation('resumeWorker', {
      summary: 'Let a drained worker take lots again',
      description: 'Within two seconds.',
      role: 'operate',
      params: z.object({ id: workerId }),
      answers: {
        200: {
          description: 'What the worker has been told.',
          body: jsonOf(workerOrders, { 'It takes lots': { ...example, draining: false } }),
        },
      },
      errors: ['worker_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json({ id, ...(await resume(redis, c.get('place'), id)) })
    },
  )
