/**
 * PATCH /v1/accounts/tenants/{name}: limits a tenant, closes it, opens it again. While it is closed none of its users and
 * tokens may call; nothing of it is deleted, and what is queued is still made.
 */
import { tenantChange, tenantName, tenantView as view } from '@csr-foundry/native-api'
import { changeTenant as change, defaultTenant } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { tenant } from './examples.ts'
import { tenantView } from './tenant-view.ts'

export const changeTenant = ({ redis }: Services) =>
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
      const changes = c.req.valid('json')
      if (name === defaultTenant && changes.closed) {
        const detail = 'cannot be true: nobody could open the tenant default again'
        throw new ServiceError('attribute_invalid', { faults: [{ pointer: '/closed', detail }] })
      }
      const changed = await change(redis, c.get('place'), name, changes)
      if (!changed) throw accountNotFound('tenant', name)
      return c.json(tenantView(changed))
    },
  )
