/**
 * POST /v1/batches: takes a batch in as it arrives, from a stream of any length. 202 when all of it is in; its CSRs may be ready
 * long before. With an Idempotency-Key a call that broke off is sent again, and goes on where it ended.
 */
import { specSchema } from '@csr-foundry/csr'
import { newBatchQuery, batchView as view } from '@csr-foundry/native-api'
import { callOnce } from '@csr-foundry/records'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { letBodyTakeLong } from '../../../http/body-deadlines.ts'
import { onceParts } from '../../../idempotency.ts'
import { jsonOf } from '../../../json-input.ts'
import { type BodyInput, operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { bodyFormOf, chunksOf } from './batch-body.ts'
import type { BatchPace } from './batch-pace.ts'
import { batchView, requireBatch } from './batch-view.ts'
import { exampleCsv, exampleLines, exampleRow, runningBatch } from './examples.ts'
import { takeBatch } from './intake.ts'

/** What is wrong with the headers is told before anything is read. */
const checkForm = createMiddleware<Env>((c, next) => {
  bodyFormOf(c)
  return next()
})

const body: BodyInput = {
  contents: [
    // Lines: their schema is that of the array's elements.
    {
      mediaType: 'application/x-ndjson',
      schema: z.string(),
      examples: { 'Two rows': exampleLines },
    },
    { mediaType: 'text/csv', schema: z.string(), examples: { 'Two rows': exampleCsv } },
    jsonOf(z.array(specSchema), { 'One row': [exampleRow] }),
  ],
  steps: [checkForm],
}

export const createBatch = (services: Services, pace: BatchPace) =>
  new Hono<Env>().post(
    '/',
    operation('createBatch', {
      summary: 'Hand in many requests at once',
      description:
        'A spec a line, a CSV, or an array; gzip with `Content-Encoding: gzip`. The body is read as a stream, and what has come is worked on. Rows that are not valid are left out and told of in `rejected`; with `mode=atomic` nothing is taken if one is not valid. `defaultKey` and `custody` are for rows that name none. A call that broke off goes on where it ended if it is sent again with the same `Idempotency-Key`.',
      role: 'submit',
      headers: ['Idempotency-Key'],
      query: newBatchQuery,
      body,
      answers: {
        202: {
          description: 'All rows are in.',
          headers: ['Location'],
          body: jsonOf(view, { 'A batch that runs': runningBatch }),
        },
      },
      errors: [
        ...([
          'batch_input_invalid',
          'batch_rejected',
          'batch_too_large',
          'request_timeout',
        ] as const),
        ...(['batch_busy', 'batch_cancelled', 'batches_full', 'queue_full'] as const),
      ],
    }),
    async (c) => {
      const { redis } = services
      const { mode, defaultKey, custody } = c.req.valid('query')
      const { format, gzip } = bodyFormOf(c)
      const parts = onceParts(c)
      const { policy } = c.get('place')
      letBodyTakeLong(c)
      const id = await takeBatch(services, c, {
        mode,
        once: parts && callOnce(parts, ''),
        form: {
          ...{ format, gzip, said: { format, mode, defaultKey, custody } },
          defaults: {
            key: { algorithm: defaultKey ?? policy.defaultKey },
            custody: custody ?? policy.defaultCustody,
          },
        },
        chunks: (stop) => chunksOf(c.req.raw.body, stop),
      })
      const place = c.get('place')
      const batch = await batchView(redis, place, await requireBatch(redis, place, id), pace)
      return c.json(batch, 202, { Location: batch.links.self })
    },
  )
