/** POST /v1/accounts/tenants: a new tenant with its first administrator, who has every role of a tenant. */
import { newTenantBody } from '@csr-foundry/native-api'
import { createTenant as create, tenantRoles } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { hashNewPassword } from '../../../authentication/hash-new-password.ts'
import { requireRole } from '../../../guards.ts'
import { jsonBody, query, requireJson } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { tenantView } from './tenant-view.ts'

export const createTenant = (services: Services) =>
  new Hono<Env>().post(
    '/',
    requireRole('tenants'),
    query(z.strictObject({})),
    requireJson,
    jsonBody(newTenantBody),
    async (c) => {
      const { redis, shards } = services
      const { name, administrator, limits } = c.req.valid('json')
      const password = await hashNewPassword(services, c, administrator.password)
      const first = { name: administrator.name, password, roles: tenantRoles }
      const tenant = { name, administrator: first, limits }
      const view = tenantView(await create(redis, shards.length, tenant))
      return c.json(view, 201, { Location: view.links.self })
    },
  )
