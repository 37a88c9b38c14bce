/** DELETE /v1/requests/{id}: removes a request from any state, with its CSR and the key that was made for it. */
import { idSchema } from '@csr-foundry/native-api'
import { deleteRequest as remove } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { requestNotFound } from './request-view.ts'

export const deleteRequest = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    operation('deleteRequest', {
      summary: 'Delete a request',
      description: 'From any state, with its CSR and the key that was made for it.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      answers: { 204: { description: 'It is deleted.' } },
      errors: ['path_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      if (!(await remove(redis, c.get('place'), id))) throw requestNotFound(id)
      return c.body(null, 204)
    },
  )
