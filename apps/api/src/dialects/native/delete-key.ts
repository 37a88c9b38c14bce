/** DELETE /v1/keys/{id}: destroys a key; 409 while a request points at it. */
import { idSchema } from '@csr-foundry/native-api'
import { deleteKey as destroy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { keyInUse, keyNotFound } from '../../key-errors.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'

export const deleteKey = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    operation('deleteKey', {
      summary: 'Destroy a key',
      description: 'While a request that is not deleted points at it, it stays.',
      role: 'submit',
      params: z.object({ id: idSchema }),
      answers: { 204: { description: 'It is destroyed.' } },
      errors: ['key_not_found', 'key_in_use'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const outcome = await destroy(redis, c.get('place'), id)
      if (outcome === 'unknown') throw keyNotFound(id)
      if (outcome === 'in_use') throw keyInUse(id)
      return c.body(null, 204)
    },
  )
