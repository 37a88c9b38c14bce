/** GET /v1/batches/{id}/rejected: the rows that were not taken, in the order of their lines. */
import { idSchema, rejectedQuery, rejectedView } from '@csr-foundry/native-api'
import { listRejected as list } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { cursorOf, fromCursor } from '../cursor.ts'
import { requireBatch } from './batch-view.ts'
import { rejectedList } from './examples.ts'

export const listRejected = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/:id/rejected',
    operation('listRejected', {
      summary: 'List the rejected rows of a batch',
      description: 'In the order of their lines, each with all its faults.',
      role: 'read',
      params: z.object({ id: idSchema }),
      query: rejectedQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(rejectedView, { 'One row': rejectedList }),
        },
      },
      errors: ['batch_not_found'],
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const place = c.get('place')
      const { id } = await requireBatch(redis, place, c.req.valid('param').id)
      const after = cursor === undefined ? 0 : fromCursor(cursor, z.int().nonnegative())
      const { rejected, next } = await list(redis, place, id, { after, limit })
      return c.json({ rejected, ...(next !== undefined && { next: cursorOf(next) }) })
    },
  )
