/** POST /v1/accounts/tokens: a new token of the tenant. The answer is the only place where it is ever shown. */
import { newTokenBody } from '@csr-foundry/native-api'
import { createToken as create } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../../guards.ts'
import { jsonBody, query, requireJson } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { requireRolesFor } from './roles-for.ts'
import { tokenView } from './token-view.ts'

export const createToken = ({ redis }: Services) =>
  new Hono<Env>().post(
    '/',
    requireRole('admin'),
    query(z.strictObject({})),
    requireJson,
    jsonBody(newTokenBody),
    async (c) => {
      const place = c.get('place')
      const asked = c.req.valid('json')
      requireRolesFor(place.tenant, asked.roles)
      const { made, token } = await create(redis, place, asked, c.get('principal'))
      const view = { ...tokenView(made), token: token.reveal() }
      return c.json(view, 201, { Location: view.links.self })
    },
  )
