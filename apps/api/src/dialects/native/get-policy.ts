/** GET /v1/policy: what stands where a call says nothing. */
import type { PolicyView } from '@csr-foundry/native-api'
import { readPolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'

export const getPolicy = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('read'), query(z.strictObject({})), async (c) => {
    const policy: PolicyView = await readPolicy(redis, c.get('place').tenant)
    return c.json(policy)
  })
