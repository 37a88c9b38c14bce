/**
 * PATCH /v1/accounts/tenants/{name}: limits a tenant, closes it, opens it again. While it is closed none of its users and
 * tokens may call; nothing of it is deleted, and what is queued is still made.
 */
import { tenantChange, tenantName, tenantView as view } from '@csr-foundry/native-api'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { tenant } from './examples.ts'
import { changeTenant as change } from './tenant-acts.ts'
import { tenantView } from './tenant-view.ts'

export const changeTenant = (services: Services) =>
  new Hono<Env>().patch(
    '/:name',
    operation('changeTenant', {
      summary: 'Limit a tenant, close it, open it again',
      description:
        'What is left out stays; a limit that is `null` is taken away. While a tenant is closed none of its users and tokens may call.',
      role: 'tenants',
      params: z.object({ name: tenantName }),
      body: jsonBodyOf(tenantChange, {
        'Another limit': { limits: { queuedRequests: 10_000 } },
        'Open it again': { closed: false },
      }),
      answers: {
        200: {
          description: 'The tenant as it is now.',
          body: jsonOf(view, { 'A tenant': tenant }),
        },
      },
      errors: ['account_not_found'],
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      return c.json(tenantView(await change(services, c.get('place'), name, c.req.valid('json'))))
    },
  )
