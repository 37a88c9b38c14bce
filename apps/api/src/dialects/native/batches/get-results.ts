/**
 * GET /v1/batches/{id}/results: what became of each row, in the order of the input, as a stream.
 *
 * Rules: it gives what is there when it comes to a row, in whatever state that is, and never waits for one; rejected and deleted
 * rows are not in it. Nothing is read from Redis while the client does not read.
 */
import { idSchema, resultLine, resultsQuery } from '@csr-foundry/native-api'
import type { RequestState } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { z } from 'zod'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { fromCursor } from '../cursor.ts'
import { requireBatch } from './batch-view.ts'
import { readyRow } from './examples.ts'
import { resultForms } from './result-forms.ts'
import { resultPages } from './result-lines.ts'
import { streamOf } from './stream-of.ts'

const ndjson = 'application/x-ndjson'

export const getResults = (services: Services) =>
  new Hono<Env>().get(
    '/:id/results',
    operation('getResults', {
      summary: 'Fetch the results of a batch',
      description:
        'In the order of the input, as a stream: a JSON object a line (`path`, `row`, `ref`, `state`, `key`, `csr`, `problem`, `cursor`), a CSV, or a gzipped tar of the CSRs, as `Accept` asks for it. Also while the batch runs: rows that are not done yet are in it with their state, unless `state` leaves them out. A stream that broke goes on at the `cursor` of the last line that was read.',
      role: 'read',
      params: z.object({ id: idSchema }),
      query: resultsQuery,
      answers: {
        200: {
          description: 'The rows that are there.',
          headers: ['Content-Disposition'],
          body: [
            {
              mediaType: ndjson,
              schema: resultLine,
              examples: { 'A row that is ready': readyRow },
            },
            { mediaType: 'text/csv', schema: z.string(), examples: {} },
            // Octets: JSON Schema has no word for them, and JSON no example.
            { mediaType: 'application/gzip', schema: z.unknown(), examples: {} },
          ],
        },
      },
      errors: ['batch_not_found'],
    }),
    async (c) => {
      const { state, cursor } = c.req.valid('query')
      const wanted = state === undefined ? undefined : storedState(state)
      const row = cursor === undefined ? 0 : fromCursor(cursor, z.int().nonnegative())
      const batch = await requireBatch(services.redis, c.get('place'), c.req.valid('param').id)
      const { id } = batch
      const mediaType = accepts(c, {
        header: 'Accept',
        supports: [ndjson, ...Object.keys(resultForms)],
        default: ndjson,
      })
      const form = resultForms[mediaType] ?? resultForms[ndjson]
      c.header('Vary', 'Accept', { append: true })
      c.header('Content-Type', mediaType)
      if (form.extension) {
        const name = `attachment; filename="batch-${id}.${form.extension}"`
        c.header('Content-Disposition', name)
      }
      const pages = resultPages(services, c, { id, row, state: wanted })
      return c.body(streamOf(form.write(pages, batch)))
    },
  )

/** A row that a worker has in hand is told of as queued. */
function storedState(state: NonNullable<z.output<typeof resultsQuery>['state']>): RequestState {
  if (state !== 'running') return state
  const detail = 'cannot be running here: rows that are being worked on are among the queued'
  throw new ServiceError('parameter_invalid', { faults: [{ pointer: '/state', detail }] })
}
