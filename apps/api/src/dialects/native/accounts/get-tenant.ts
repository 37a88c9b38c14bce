/** GET /v1/accounts/tenants/{name}. */
import { tenantName } from '@csr-foundry/native-api'
import { readTenant } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../../guards.ts'
import { pathParameters, query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { tenantView } from './tenant-view.ts'

export const getTenant = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:name',
    requireRole('tenants'),
    pathParameters(z.object({ name: tenantName })),
    query(z.strictObject({})),
    async (c) => {
      const { name } = c.req.valid('param')
      const tenant = await readTenant(redis, name)
      if (!tenant) throw accountNotFound('tenant', name)
      return c.json(tenantView(tenant))
    },
  )
