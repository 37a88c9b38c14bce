/** POST /v1/accounts/tokens: a new token of the tenant. The answer is the only place where it is ever shown. */
import { newTokenBody, newTokenView } from '@csr-foundry/native-api'
import { createToken as create } from '@csr-foundry/records'
import { Hono } from 'hono'
import { onceOf } from '../../../idempotency.ts'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { newToken } from './examples.ts'
import { requireRolesFor } from './roles-for.ts'
import { tokenView } from './token-view.ts'

export const createToken = ({ redis }: Services) =>
  new Hono<Env>().post(
    '/',
    operation('createToken', {
      summary: 'Make a token',
      description: 'The answer is the only place where it is ever shown.',
      role: 'admin',
      headers: ['Idempotency-Key'],
      body: jsonBodyOf(newTokenBody, {
        'A token that ends': {
          name: 'fleet-import',
          roles: ['submit', 'read'],
          expires: '2099-12-31T23:59:59Z',
        },
      }),
      answers: {
        201: {
          description: 'The token is made.',
          headers: ['Location'],
          body: jsonOf(newTokenView, { 'A new token': newToken }),
        },
      },
      errors: ['token_made_before', 'idempotency_key_reused'],
    }),
    async (c) => {
      const place = c.get('place')
      const asked = c.req.valid('json')
      requireRolesFor(place.tenant, asked.roles)
      const by = c.get('principal')
      const { made, token } = await create(redis, place, asked, by, await onceOf(c))
      const view = { ...tokenView(made), token: token.reveal() }
      return c.json(view, 201, { Location: view.links.self })
    },
  )
