/** GET /v1/requests: all requests, or those in a state, or those that `q` finds; newest first. */
import { idSchema, type RequestListView, requestListQuery } from '@csr-foundry/native-api'
import { type RequestSummary, type WalkPoint, walkRequests } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { cursorOf, fromCursor } from './cursor.ts'
import { requestLine } from './request-view.ts'

const walkPoint: z.ZodType<WalkPoint> = z.strictObject({
  from: idSchema,
  budget: z.exactOptional(z.int().nonnegative()),
})

export const listRequests = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('read'), query(requestListQuery), async (c) => {
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
  })

function inList(request: RequestSummary): RequestListView['requests'][number] {
  const { commonName } = request
  return { ...requestLine(request), ...(commonName !== undefined && { commonName }) }
}
