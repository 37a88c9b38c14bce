/** PUT /v1/policy: replaces the policy. It counts for what is handed in from then on. */
import { policyChange } from '@csr-foundry/native-api'
import { changePolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { jsonBody, query, requireJson } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'

export const putPolicy = ({ redis }: Services) =>
  new Hono<Env>().put(
    '/',
    requireRole('admin'),
    query(z.strictObject({})),
    requireJson,
    jsonBody(policyChange),
    async (c) => {
      const policy = c.req.valid('json')
      await changePolicy(redis, c.get('place').tenant, policy)
      return c.json(policy)
    },
  )
