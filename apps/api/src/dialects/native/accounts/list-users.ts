/** GET /v1/accounts/users: the tenant's users, by name. */
import { accountListQuery, userListView } from '@csr-foundry/native-api'
import { listUsers as listOf } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { user as example } from './examples.ts'
import { nextOf, pageOf } from './page-of.ts'
import { userView } from './user-view.ts'

export const listUsers = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listUsers', {
      summary: 'List users',
      description: 'Those of the tenant, by name.',
      role: 'admin',
      query: accountListQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(userListView, { 'One user': { users: [example] } }),
        },
      },
    }),
    async (c) => {
      const { users, next } = await listOf(redis, c.get('place'), pageOf(c.req.valid('query')))
      return c.json({ users: users.map(userView), ...nextOf(next) })
    },
  )
