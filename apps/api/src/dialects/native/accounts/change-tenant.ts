/**
 * PATCH /v1/accounts/tenants/{name}: limits a tenant, closes it, opens it again. While it is closed none of its users and
 * tokens may call; nothing of it is deleted, and what is queued is still made.
 */
import { tenantChange, tenantName } from '@csr-foundry/native-api'
import { changeTenant as change, defaultTenant } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../../guards.ts'
import { jsonBody, pathParameters, query, requireJson } from '../../../json-input.ts'
import type { Env, Services } from '../../../services.ts'
import { accountNotFound } from './account-not-found.ts'
import { tenantView } from './tenant-view.ts'

export const changeTenant = ({ redis }: Services) =>
  new Hono<Env>().patch(
    '/:name',
    requireRole('tenants'),
    pathParameters(z.object({ name: tenantName })),
    query(z.strictObject({})),
    requireJson,
    jsonBody(tenantChange),
    async (c) => {
      const { name } = c.req.valid('param')
      const changes = c.req.valid('json')
      if (name === defaultTenant && changes.closed) {
        const detail = 'cannot be true: nobody could open the tenant default again'
        throw new ServiceError('attribute_invalid', { faults: [{ pointer: '/closed', detail }] })
      }
      const tenant = await change(redis, name, changes)
      if (!tenant) throw accountNotFound('tenant', name)
      return c.json(tenantView(tenant))
    },
  )
