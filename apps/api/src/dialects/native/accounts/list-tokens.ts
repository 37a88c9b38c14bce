/** GET /v1/accounts/tokens: the tenant's tokens, by id, without the tokens themselves. */
import { accountListQuery, tokenListView } from '@csr-foundry/native-api'
import { listTokens as listOf } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { token as example } from './examples.ts'
import { nextOf, pageOf } from './page-of.ts'
import { tokenView } from './token-view.ts'

export const listTokens = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listTokens', {
      summary: 'List tokens',
      description: 'Those of the tenant, by id, without the tokens themselves.',
      role: 'admin',
      query: accountListQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(tokenListView, { 'One token': { tokens: [example] } }),
        },
      },
    }),
    async (c) => {
      const { tokens, next } = await listOf(redis, c.get('place'), pageOf(c.req.valid('query')))
      return c.json({ tokens: tokens.map(tokenView), ...nextOf(next) })
    },
  )
