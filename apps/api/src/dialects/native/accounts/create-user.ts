/** POST /v1/accounts/users: a new user of the tenant. */
import { newUserBody, userView as viewOfUser } from '@csr-foundry/native-api'
import { createUser as create } from '@csr-foundry/records'
import { Hono } from 'hono'
import { hashNewPassword } from '../../../authentication/hash-new-password.ts'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { user as example, examplePassword } from './examples.ts'
import { requireRolesFor } from './roles-for.ts'
import { userView } from './user-view.ts'

export const createUser = (services: Services) =>
  new Hono<Env>().post(
    '/',
    operation('createUser', {
      summary: 'Make a user',
      role: 'admin',
      body: jsonBodyOf(newUserBody, {
        'A user': { name: 'mira', password: examplePassword, roles: ['submit', 'read'] },
      }),
      answers: {
        201: {
          description: 'The user is made.',
          headers: ['Location'],
          body: jsonOf(viewOfUser, { 'A user': example }),
        },
      },
      errors: ['name_taken'],
    }),
    async (c) => {
      const place = c.get('place')
      const { password, ...rest } = c.req.valid('json')
      requireRolesFor(place.tenant, rest.roles)
      const user = { ...rest, password: await hashNewPassword(services, c, password) }
      const view = userView(await create(services.redis, place, user, c.get('principal')))
      return c.json(view, 201, { Location: view.links.self })
    },
  )
