/** GET /v1/accounts/tenants/{name}. */
import { tenantName, tenantView as view } from '@csr-foundry/native-api'
import { readTenant } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { tenant as example } from './examples.ts'
import { tenantView } from './tenant-view.ts'

export const getTenant = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:name',
    operation('getTenant', {
      summary: 'Show a tenant',
      role: 'tenants',
      params: z.object({ name: tenantName }),
      answers: {
        200: { description: 'The tenant.', body: jsonOf(view, { 'A tenant': example }) },
      },
      errors: ['account_not_found'],
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      const tenant = await readTenant(redis, name)
      if (!tenant) throw accountNotFound('tenant', name)
      return c.json(tenantView(tenant))
    },
  )
