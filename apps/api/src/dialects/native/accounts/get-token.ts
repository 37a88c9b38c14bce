/** GET /v1/accounts/tokens/{id}: what is known of a token, without the token itself. */
import { tokenId, tokenView as view } from '@csr-foundry/native-api'
import { readToken } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { token as example } from './examples.ts'
import { tokenView } from './token-view.ts'

export const getToken = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:id',
    operation('getToken', {
      summary: 'Show a token',
      role: 'admin',
      params: z.object({ id: tokenId }),
      answers: {
        200: { description: 'The token.', body: jsonOf(view, { 'A token': example }) },
      },
      errors: ['account_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const token = await readToken(redis, c.get('place'), id)
      if (!token) throw accountNotFound('token', id)
      return c.json(tokenView(token))
    },
  )
