/** GET /v1/keys/{id}: a key without its private half. */
import { idSchema } from '@csr-foundry/native-api'
import { readKey } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { pathParameters, query } from '../../json-input.ts'
import { keyNotFound } from '../../key-errors.ts'
import type { Env, Services } from '../../services.ts'
import { keyView } from './key-view.ts'

export const getKey = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:id',
    requireRole('read'),
    pathParameters(z.object({ id: idSchema })),
    query(z.strictObject({})),
    async (c) => {
      const { id } = c.req.valid('param')
      const key = await readKey(redis, c.get('place'), id)
      if (!key) throw keyNotFound(id)
      return c.json(keyView(key))
    },
  )
