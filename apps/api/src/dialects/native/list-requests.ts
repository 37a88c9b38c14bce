/** GET /v1/requests: all requests, or those in a state, or those that `q` finds; newest first. */
import {
  idSchema,
  type RequestListView,
  requestListQuery,
  requestListView,
} from '@csr-foundry/native-api'
import { type RequestSummary, type WalkPoint, walkRequests } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { jsonOf } from '../../json-input.ts'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { cursorOf, fromCursor } from './cursor.ts'
import { requestList } from './examples.ts'
import { requestLine } from './request-view.ts'

const walkPoint: z.ZodType<WalkPoint> = z.strictObject({
  from: idSchema,
  budget: z.exactOptional(z.int().nonnegative()),
})

export const listRequests = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listRequests', {
      summary: 'List requests',
      description:
        'Newest first. A page may hold fewer than `limit`, also none, and still have a `next`.',
      role: 'read',
      query: requestListQuery,
      answers: {
        200: {
          description: 'A page of the list; `next` is the cursor of the one after it.',
          body: jsonOf(requestListView, { 'One request': requestList }),
        },
      },
    }),
    async (c) => {
      const { cursor, limit, state, q } = c.req.valid('query')
      const { requests, next } = await walkRequests(redis, c.get('place'), {
        ...(cursor !== undefined && fromCursor(cursor, walkPoint)),
        ...(state !== undefined && { state }),
        ...(q !== undefined && { q }),
        limit,
      })
      const view: RequestListView = {
        requests: requests.map(inList),
        ...(next !== undefined && { next: cursorOf(next) }),
      }
      return c.json(view)
    },
  )

function inList(request: RequestSummary): RequestListView['requests'][number] {
  const { commonName } = request
  return { ...requestLine(request), ...(commonName !== undefined && { commonName }) }
}
