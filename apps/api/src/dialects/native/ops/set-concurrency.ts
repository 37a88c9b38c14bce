/** PATCH /v1/ops/concurrency: sets for all worker processes, those to come as well, how many lots each takes at once. */
import { concurrencyBody, concurrencyChange } from '@csr-foundry/native-api'
import { setConcurrency as set } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonBodyOf, jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { concurrency as example } from './examples.ts'

export const setConcurrency = ({ redis }: Services) =>
  new Hono<Env>().patch(
    '/',
    operation('setConcurrency', {
      summary: 'Set how many lots a worker takes at once',
      description:
        'It counts within two seconds, and for workers that start later. A lane that is left out stays, one that is `null` is each machine’s to choose again.',
      role: 'operate',
      body: jsonBodyOf(concurrencyChange, {
        'Both lanes': example,
        'As the machines choose': { fast: null, slow: null },
      }),
      answers: {
        200: {
          description: 'What is set now.',
          body: jsonOf(concurrencyBody, { 'Both lanes are': example }),
        },
      },
    }),
    async (c) => c.json(await set(redis, c.get('place'), c.req.valid('json'))),
  )
