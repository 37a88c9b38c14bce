/** PATCH /v1/ops/workers/{id}/concurrency: sets for one worker process how many lots it takes at once. */
import { concurrencyChange, workerId, workerOrders } from '@csr-foundry/native-api'
import { setWorkerConcurrency as set } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { workerOrders as example } from './examples.ts'

export const setWorkerConcurrency = ({ redis }: Services) =>
  new Hono<Env>().patch(
    '/:id/concurrency',
    operation('setWorkerConcurrency', {
      summary: 'Set how many lots one worker takes at once',
      description:
        'It counts within two seconds, as long as the process lives. A lane that is left out stays, one that is `null` has what is set for all.',
      role: 'operate',
      params: z.object({ id: workerId }),
      body: jsonBodyOf(concurrencyChange, {
        'One lane': { slow: 1 },
        'As all others': { fast: null, slow: null },
      }),
      answers: {
        200: {
          description: 'What the worker has been told.',
          body: jsonOf(workerOrders, {
            'One lane': { ...example, draining: false, concurrency: { slow: 1 } },
          }),
        },
      },
      errors: ['worker_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json({ id, ...(await set(redis, c.get('place'), id, c.req.valid('json'))) })
    },
  )
