/** GET /v1/accounts/tokens/{id}: what is known of a token, without the token itself. */
import { tokenId } from '@csr-foundry/native-api'
import { readToken } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../../guards.ts'
import { pathParameters, query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { tokenView } from './token-view.ts'

export const getToken = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:id',
    requireRole('admin'),
    pathParameters(z.object({ id: tokenId })),
    query(z.strictObject({})),
    async (c) => {
      const { id } = c.req.valid('param')
      const token = await readToken(redis, c.get('place'), id)
      if (!token) throw accountNotFound('token', id)
      return c.json(tokenView(token))
    },
  )
