/** GET /v1/accounts/tenants: all tenants, by name. */
import { accountListQuery, tenantListView } from '@csr-foundry/native-api'
import { listTenants as listOf } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { tenant as example } from './examples.ts'
import { nextOf, pageOf } from './page-of.ts'
import { tenantView } from './tenant-view.ts'

export const listTenants = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listTenants', {
      summary: 'List tenants',
      description: 'By name.',
      role: 'tenants',
      query: accountListQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(tenantListView, { 'One tenant': { tenants: [example] } }),
        },
      },
    }),
    async (c) => {
      const { tenants, next } = await listOf(redis, pageOf(c.req.valid('query')))
      return c.json({ tenants: tenants.map(tenantView), ...nextOf(next) })
    },
  )
