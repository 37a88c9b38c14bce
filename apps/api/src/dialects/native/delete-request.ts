/** DELETE /v1/requests/{id}: removes a request from any state, with its CSR and the key that was made for it. */
import { idSchema } from '@csr-foundry/native-api'
import { deleteRequest as remove } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { pathParameters, query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { requestNotFound } from './request-view.ts'

export const deleteRequest = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    requireRole('submit'),
    pathParameters(z.object({ id: idSchema })),
    query(z.strictObject({})),
    async (c) => {
      const { id } = c.req.valid('param')
      if (!(await remove(redis, c.get('place'), id))) throw requestNotFound(id)
      return c.body(null, 204)
    },
  )
