/** GET /v1/accounts/users: the tenant's users, by name. */
import { accountListQuery } from '@csr-foundry/native-api'
import { listUsers as listOf } from '@csr-foundry/records'
import { Hono } from 'hono'
import { requireRole } from '../../../guards.ts'
import { query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { nextOf, pageOf } from './page-of.ts'
import { userView } from './user-view.ts'

export const listUsers = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('admin'), query(accountListQuery), async (c) => {
    const { users, next } = await listOf(redis, c.get('place'), pageOf(c.req.valid('query')))
    return c.json({ users: users.map(userView), ...nextOf(next) })
  })
