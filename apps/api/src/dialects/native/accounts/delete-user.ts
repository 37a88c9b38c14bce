/** DELETE /v1/accounts/users/{name}: ends a user, his sessions included, everywhere at once. */
import { userName } from '@csr-foundry/native-api'
import { deleteUser as deleteIt } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../../guards.ts'
import { pathParameters, query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'

export const deleteUser = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:name',
    requireRole('admin'),
    pathParameters(z.object({ name: userName })),
    query(z.strictObject({})),
    async (c) => {
      const { name } = c.req.valid('param')
      if (!(await deleteIt(redis, c.get('place'), name, c.get('principal')))) {
        throw accountNotFound('user', name)
      }
      return c.body(null, 204)
    },
  )
