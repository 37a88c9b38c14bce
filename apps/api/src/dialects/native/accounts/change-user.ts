/** PATCH /v1/accounts/users/{name}: other roles, a new password, or both in one step. A new password ends his sessions. */
import { userChange, userName, userView as view } from '@csr-foundry/native-api'
import { changeUser as change } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { hashNewPassword } from '../../../authentication/hash-new-password.ts'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { user as example, examplePassword } from './examples.ts'
import { requireRolesFor } from './roles-for.ts'
import { userView } from './user-view.ts'

export const changeUser = (services: Services) =>
  new Hono<Env>().patch(
    '/:name',
    operation('changeUser', {
      summary: "Change a user's roles or password",
      description: 'What is left out stays. A new password ends his sessions.',
      role: 'admin',
      params: z.object({ name: userName }),
      body: jsonBodyOf(userChange, {
        'Other roles': { roles: ['submit', 'read'] },
        'Another password': { password: examplePassword },
      }),
      answers: {
        200: { description: 'The user as he is now.', body: jsonOf(view, { 'A user': example }) },
      },
      errors: ['account_not_found', 'last_administrator'],
    }),
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
