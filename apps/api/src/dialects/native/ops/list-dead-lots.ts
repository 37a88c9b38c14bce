/** GET /v1/ops/dead-lots: lots that were set aside since two workers died with them. */
import { type DeadLotView, deadLotListView, deadLotQuery } from '@csr-foundry/native-api'
import { type DeadLot, listDeadLots as listOf } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../../json-input.ts'
import { operation } from '../../../operation.ts'
import type { Env, Services } from '../../../services.ts'
import { cursorOf, fromCursor } from '../cursor.ts'
import { deadLot as example } from './examples.ts'

const point = z.strictObject({ shard: z.int().min(0), offset: z.int().min(0) })

export const listDeadLots = ({ redis, shards }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listDeadLots', {
      summary: 'List dead lots',
      description:
        'Two workers died with each of them, so it was set aside. Its request has failed with `worker_died`. The newest of each shard come first.',
      role: 'operate',
      query: deadLotQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(deadLotListView, { 'One dead lot': { deadLots: [example] } }),
        },
      },
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const from = cursor === undefined ? undefined : fromCursor(cursor, point)
      const { deadLots, next } = await listOf(redis, shards, { limit, ...(from && { from }) })
      return c.json({ deadLots: deadLots.map(deadLotView), ...(next && { next: cursorOf(next) }) })
    },
  )

export const deadLotView = ({ created, died, ...lot }: DeadLot): DeadLotView => ({
  ...lot,
  created: new Date(created).toISOString(),
  died: new Date(died).toISOString(),
})
