/** PUT /v1/policy: replaces the policy. It counts for what is handed in from then on, at other API processes a moment later. */
import { policyChange, policyView } from '@csr-foundry/native-api'
import { changePolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { countAtOnce } from '../../authentication/count-at-once.ts'
import { jsonBodyOf, jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { policy as example } from './examples.ts'

export const putPolicy = (services: Services) =>
  new Hono<Env>().put(
    '/',
    countAtOnce(services),
    operation('putPolicy', {
      summary: 'Replace the policy',
      description:
        'It counts for what is handed in from then on, at other API processes a moment later.',
      role: 'admin',
      body: jsonBodyOf(policyChange, { 'A policy': example }),
      answers: {
        200: {
          description: 'The policy as it is now.',
          body: jsonOf(policyView, { 'A policy': example }),
        },
      },
    }),
    async (c) => {
      const policy = c.req.valid('json')
      await changePolicy(services.redis, c.get('place'), policy)
      return c.json(policy)
    },
  )
