/** GET /v1/accounts/users/{name}. */
import { userName, userView as view } from '@csr-foundry/native-api'
import { readUser } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { user as example } from './examples.ts'
import { userView } from './user-view.ts'

export const getUser = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:name',
    operation('getUser', {
      summary: 'Show a user',
      role: 'admin',
      params: z.object({ name: userName }),
      answers: {
        200: { description: 'The user.', body: jsonOf(view, { 'A user': example }) },
      },
      errors: ['account_not_found'],
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      const user = await readUser(redis, c.get('place'), name)
      if (!user) throw accountNotFound('user', name)
      return c.json(userView(user))
    },
  )
