/** POST /v1/accounts/users: a new user of the tenant. */
import { newUserBody } from '@csr-foundry/native-api'
import { createUser as create } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { hashNewPassword } from '../../../authentication/hash-new-password.ts'
import { requireRole } from '../../../guards.ts'
import { jsonBody, query, requireJson } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { requireRolesFor } from './roles-for.ts'
import { userView } from './user-view.ts'

export const createUser = (services: Services) =>
  new Hono<Env>().post(
    '/',
    requireRole('admin'),
    query(z.strictObject({})),
    requireJson,
    jsonBody(newUserBody),
    async (c) => {
      const place = c.get('place')
      const { password, ...rest } = c.req.valid('json')
      requireRolesFor(place.tenant, rest.roles)
      const user = { ...rest, password: await hashNewPassword(services, c, password) }
      const view = userView(await create(services.redis, place, user, c.get('principal')))
      return c.json(view, 201, { Location: view.links.self })
    },
  )
