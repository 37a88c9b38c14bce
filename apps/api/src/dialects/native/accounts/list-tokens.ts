/** GET /v1/accounts/tokens: the tenant's tokens, by id, without the tokens themselves. */
import { accountListQuery } from '@csr-foundry/native-api'
import { listTokens as listOf } from '@csr-foundry/records'
import { Hono } from 'hono'
import { requireRole } from '../../../guards.ts'
import { query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { nextOf, pageOf } from './page-of.ts'
import { tokenView } from './token-view.ts'

export const listTokens = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('admin'), query(accountListQuery), async (c) => {
    const { tokens, next } = await listOf(redis, c.get('place'), pageOf(c.req.valid('query')))
    return c.json({ tokens: tokens.map(tokenView), ...nextOf(next) })
  })
