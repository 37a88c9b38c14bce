/** DELETE /v1/accounts/users/{name}: ends a user, his sessions included, everywhere at once. */
import { userName } from '@csr-foundry/native-api'
import { deleteUser as deleteIt } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'

export const deleteUser = ({ redis }: Services) =>
  new Hono<Env>().delete(
    '/:name',
    operation('deleteUser', {
      summary: 'Delete a user',
      description: 'His sessions end everywhere at once.',
      role: 'admin',
      params: z.object({ name: userName }),
      answers: { 204: { description: 'He is deleted.' } },
      errors: ['account_not_found', 'last_administrator'],
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      if (!(await deleteIt(redis, c.get('place'), name, c.get('principal')))) {
        throw accountNotFound('user', name)
      }
      return c.body(null, 204)
    },
  )
