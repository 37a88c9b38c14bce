/** GET /v1/accounts/tenants: all tenants, by name. */
import { accountListQuery } from '@csr-foundry/native-api'
import { listTenants as listOf } from '@csr-foundry/records'
import { Hono } from 'hono'
import { requireRole } from '../../../guards.ts'
import { query } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { nextOf, pageOf } from './page-of.ts'
import { tenantView } from './tenant-view.ts'

export const listTenants = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('tenants'), query(accountListQuery), async (c) => {
    const { tenants, next } = await listOf(redis, pageOf(c.req.valid('query')))
    return c.json({ tenants: tenants.map(tenantView), ...nextOf(next) })
  })
