/** DELETE /v1/accounts/tokens/{id}: ends a token, everywhere at once. */
import { tokenId } from '@csr-foundry/native-api'
import { deleteToken as deleteIt } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../../guards.ts'
import { pathParameters, query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'

export const deleteToken = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    requireRole('admin'),
    pathParameters(z.object({ id: tokenId })),
    query(z.strictObject({})),
    async (c) => {
      const { id } = c.req.valid('param')
      if (!(await deleteIt(redis, c.get('place'), id, c.get('principal')))) {
        throw accountNotFound('token', id)
      }
      return c.body(null, 204)
    },
  )
