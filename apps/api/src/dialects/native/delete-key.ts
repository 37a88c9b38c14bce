/** DELETE /v1/keys/{id}: destroys a key; 409 while a request points at it. */
import { idSchema } from '@csr-foundry/native-api'
import { deleteKey as destroy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { pathParameters, query } from '../../json-input.ts'
import { keyInUse, keyNotFound } from '../../key-errors.ts'
import type { Env, Services } from '../../services.ts'

export const deleteKey = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    requireRole('submit'),
    pathParameters(z.object({ id: idSchema })),
    query(z.strictObject({})),
    async (c) => {
      const { id } = c.req.valid('param')
      const outcome = await destroy(redis, c.get('place'), id)
      if (outcome === 'unknown') throw keyNotFound(id)
      if (outcome === 'in_use') throw keyInUse(id)
      return c.body(null, 204)
    },
  )
