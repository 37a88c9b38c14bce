/** GET /v1/policy: what stands where a call says nothing. */
import { type PolicyView, policyView } from '@csr-foundry/native-api'
import { readPolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { policy as example } from './examples.ts'

export const getPolicy = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('getPolicy', {
      summary: 'Show the policy',
      description: 'What stands where a call says nothing.',
      role: 'read',
      answers: {
        200: { description: 'The policy.', body: jsonOf(policyView, { 'A policy': example }) },
      },
    }),
    async (c) => {
      const policy: PolicyView = await readPolicy(redis, c.get('place').tenant)
      return c.json(policy)
    },
  )
