/** DELETE /v1/accounts/tokens/{id}: ends a token, everywhere at once. */
import { tokenId } from '@csr-foundry/native-api'
import { deleteToken as deleteIt } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'

export const deleteToken = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:id',
    operation('deleteToken', {
      summary: 'End a token',
      description: 'Everywhere at once.',
      role: 'admin',
      params: z.object({ id: tokenId }),
      answers: { 204: { description: 'It is ended.' } },
      errors: ['account_not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      if (!(await deleteIt(redis, c.get('place'), id, c.get('principal')))) {
        throw accountNotFound('token', id)
      }
      return c.body(null, 204)
    },
  )
