/** GET /v1/ops/failures: what has failed in all tenants, by code. */
import { failuresView } from '@csr-foundry/native-api'
import { readAllFailures } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { failures as example } from './examples.ts'

export const listFailures = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listFailures', {
      summary: 'Tell what has failed, by code',
      description:
        'Of each tenant the newest 2,048 failed requests are looked at, at most 16,384 in all. It shows path ids and codes, and nothing of what was asked for.',
      role: 'operate',
      answers: {
        200: {
          description: 'The most frequent code first.',
          body: jsonOf(failuresView, { 'One code': example }),
        },
      },
    }),
    async (c) => c.json(await readAllFailures(redis)),
  )
