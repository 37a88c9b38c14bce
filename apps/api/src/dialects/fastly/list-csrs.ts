/**
 * GET /tls/certificate_signing_requests: all requests that are not deleted, the newest first. Those without a CSR are among
 * them, with `content` null and the state in `meta`: a key cannot be deleted before all that point at it are.
 */
import { type RequestSummary, readCsrs, walkRequests } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { requireRole } from '../../guards.ts'
import { query } from '../../json-input.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { csrPath, csrResource } from './answer-csr.ts'
import { answer } from './json-api.ts'
import { pageAfter, pageSize, parameters } from './pages.ts'

const querySchema = z.strictObject({ 'page[after]': pageAfter, 'page[size]': pageSize })

export const listCsrs = ({ redis }: Services) =>
  new Hono<Env>().get('/', requireRole('read'), query(querySchema), async (c) => {
    const { 'page[after]': after, 'page[size]': limit } = c.req.valid('query')
    const place = c.get('place')
    const { requests, next } = await walkRequests(redis, place, {
      limit,
      // The walk begins with an id, a page after one.
      ...(after !== undefined && { from: String(after - 1) }),
    })
    const csrs = await readCsrs(redis, place, requests)
    return answer(c, {
      data: requests.flatMap((request) => listed(request, csrs.get(request.id)) ?? []),
      links: { next: next ? linkAfter(Number(next.from) + 1, limit) : null },
    })
  })

const linkAfter = (id: number, limit: number) =>
  `/tls/certificate_signing_requests?${parameters({ 'page[after]': id, 'page[size]': limit })}`

/** Undefined for one that was deleted since the walk. */
function listed(request: RequestSummary, csr: Buffer | undefined) {
  const { id, state } = request
  if (state === 'ready' && !csr) return undefined
  return {
    ...csrResource({ ...request, ...(csr && { csr }) }),
    links: { self: csrPath(id) },
    meta: { status: stateOf(request) },
  }
}
