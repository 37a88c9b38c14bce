/** GET /v1/accounts/users/{name}. */
import { userName } from '@csr-foundry/native-api'
import { readUser } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../../guards.ts'
import { pathParameters, query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { userView } from './user-view.ts'

export const getUser = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:name',
    requireRole('admin'),
    pathParameters(z.object({ name: userName })),
    query(z.strictObject({})),
    async (c) => {
      const { name } = c.req.valid('param')
      const user = await readUser(redis, c.get('place'), name)
      if (!user) throw accountNotFound('user', name)
      return c.json(userView(user))
    },
  )
