/** GET /v1/batches: newest first, or the one that a POST with an Idempotency-Key has made. */
import { batchListQuery, batchListView, idSchema } from '@csr-foundry/native-api'
import {
  type BatchRecord,
  callOnce,
  findBatchByKey,
  listBatches as list,
} from '@csr-foundry/records'
import { Hono } from 'hono'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { cursorOf, fromCursor } from '../cursor.ts'
import type { BatchPace } from './batch-pace.ts'
import { batchLine } from './batch-view.ts'
import { batchList } from './examples.ts'

type Page = { readonly batches: readonly BatchRecord[]; readonly next?: string }

export const listBatches = ({ redis }: Services, pace: BatchPace) =>
  new Hono<Env>().get(
    '/',
    operation('listBatches', {
      summary: 'List batches',
      description:
        'Newest first; with `idempotencyKey` the one alone that a call of yours with this key has made within the last 24 hours.',
      role: 'read',
      query: batchListQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(batchListView, { 'One batch': batchList }),
        },
      },
    }),
    async (c) => {
      const { idempotencyKey, cursor, limit } = c.req.valid('query')
      const place = c.get('place')
      const ofKey = async (key: string): Promise<Page> => {
        // As the POST names it; see ../../../idempotency.ts.
        const { call } = callOnce([c.get('caller').id, 'POST', '/v1/batches', key], '')
        const found = await findBatchByKey(redis, place, call)
        return { batches: found ? [found] : [] }
      }
      const before = cursor === undefined ? undefined : fromCursor(cursor, idSchema)
      const { batches, next } =
        idempotencyKey === undefined
          ? await list(redis, place, { before, limit })
          : await ofKey(idempotencyKey)
      return c.json({
        batches: batches.map((batch) => batchLine(place, batch, pace)),
        ...(next !== undefined && { next: cursorOf(next) }),
      })
    },
  )
