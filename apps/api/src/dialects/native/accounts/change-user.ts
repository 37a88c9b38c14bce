/** PATCH /v1/accounts/users/{name}: other roles, a new password, or both in one step. A new password ends his sessions. */
import { userChange, userName } from '@csr-foundry/native-api'
import { changeUser as change } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { hashNewPassword } from '../../../authentication/hash-new-password.ts'
import { requireRole } from '../../../guards.ts'
import { jsonBody, pathParameters, query, requireJson } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { requireRolesFor } from './roles-for.ts'
import { userView } from './user-view.ts'

export const changeUser = (services: Services) =>
  new Hono<Env>().patch(
    '/:name',
    requireRole('admin'),
    pathParameters(z.object({ name: userName })),
    query(z.strictObject({})),
    requireJson,
    jsonBody(userChange),
    async (c) => {
      const place = c.get('place')
      const { name } = c.req.valid('param')
      const { roles, password } = c.req.valid('json')
      requireRolesFor(place.tenant, roles ?? [])
      const changes = {
        ...(roles && { roles }),
        ...(password !== undefined && { password: await hashNewPassword(services, c, password) }),
      }
      const user = await change(services.redis, place, name, changes, c.get('principal'))
      if (!user) throw accountNotFound('user', name)
      return c.json(userView(user))
    },
  )
