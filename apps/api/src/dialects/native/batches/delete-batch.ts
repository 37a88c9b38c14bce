/** DELETE /v1/batches/{id}: removes a batch with its requests and the keys that were made for them. */
import { idSchema } from '@csr-foundry/native-api'
import { deleteBatch as remove } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { changeInBackground } from './add-lots.ts'
import { batchNotFound } from './intake-errors.ts'

export const deleteBatch = (services: Services) =>
  new Hono<Env>().delete(
    '/:id',
    operation('deleteBatch', {
      summary: 'Delete a batch',
      description:
        'With its requests, their CSRs and the keys that were made for them, but those that other requests use. It is not found from then on; what is left of it goes within moments.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      answers: { 204: { description: 'It is deleted.' } },
      errors: ['batch_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      if (!(await remove(services.redis, c.get('place'), id))) throw batchNotFound(id)
      changeInBackground(services, c, id)
      return c.body(null, 204)
    },
  )
