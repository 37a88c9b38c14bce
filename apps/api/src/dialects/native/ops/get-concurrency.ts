/** GET /v1/ops/concurrency: what is set for all worker processes. */
import { concurrencyBody } from '@csr-foundry/native-api'
import { readConcurrency } from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { concurrency as example } from './examples.ts'

export const getConcurrency = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('getConcurrency', {
      summary: 'Tell how many lots a worker takes at once',
      description:
        'What is set for all. A lane that is missing is not set: each worker has chosen by its machine. The overview tells what each does.',
      role: 'operate',
      answers: {
        200: {
          description: 'What is set.',
          body: jsonOf(concurrencyBody, { 'Both lanes are': example, 'Nothing is': {} }),
        },
      },
    }),
    async (c) => c.json(await readConcurrency(redis)),
  )
