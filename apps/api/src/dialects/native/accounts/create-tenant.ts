/** POST /v1/accounts/tenants: a new tenant with its first administrator, who has every role of a tenant. */
import { newTenantBody, tenantView as view } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { tenant as example, examplePassword } from './examples.ts'
import { makeTenant } from './tenant-acts.ts'
import { tenantView } from './tenant-view.ts'

export const createTenant = (services: Services) =>
  new Hono<Env>().post(
    '/',
    operation('createTenant', {
      summary: 'Make a tenant',
      description: 'Its first user is its administrator, with every role of a tenant.',
      role: 'tenants',
      body: jsonBodyOf(newTenantBody, {
        'A tenant with a limit': {
          name: 'acme',
          administrator: { name: 'admin', password: examplePassword },
          limits: { queuedRequests: 10_000 },
        },
      }),
      answers: {
        201: {
          description: 'The tenant is made.',
          headers: ['Location'],
          body: jsonOf(view, { 'A tenant': example }),
        },
      },
      errors: ['name_taken'],
    }),
    async (c) => {
      const made = tenantView(await makeTenant(services, c, c.req.valid('json')))
      return c.json(made, 201, { Location: made.links.self })
    },
  )
