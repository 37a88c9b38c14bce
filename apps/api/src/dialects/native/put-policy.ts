/** PUT /v1/policy: replaces the policy. It counts for what is handed in from then on. */
import { policyChange, policyView } from '@csr-foundry/native-api'
import { changePolicy } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonBodyOf, jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { policy as example } from './examples.ts'

export const putPolicy = ({ redis }: Services) =>
  new Hono<Env>().put(
    '/',
    operation('putPolicy', {
      summary: 'Replace the policy',
      description: 'It counts for what is handed in from then on.',
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
      await changePolicy(redis, c.get('place'), policy)
      return c.json(policy)
    },
  )
