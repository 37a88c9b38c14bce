/**
 * GET /tls/certificate_signing_requests: all requests that are not deleted, the newest first. Those without a CSR are among
 * them, with `content` null and the state in `meta`: a key cannot be deleted before all that point at it are.
 */
import { states } from '@csr-foundry/native-api'
import { type RequestSummary, readCsrs, walkRequests } from '@csr-foundry/records'
import { Hono } from 'hono'
import { z } from 'zod'
import { operation } from '../../operation.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { csrPath, csrResource, csrView } from './answer-csr.ts'
import { exampleCsr } from './examples.ts'
import { answer, jsonApiOf } from './json-api.ts'
import { pageAfter, pageSize, parameters } from './pages.ts'

const querySchema = z.strictObject({ 'page[after]': pageAfter, 'page[size]': pageSize })

const listedView = csrView.extend({
  links: z.object({ self: z.string() }),
  meta: z.object({ status: z.enum(states) }),
})

const listView = z.object({
  data: z.array(listedView),
  links: z.object({ next: z.string().nullable() }),
})

const example = {
  data: [
    {
      ...exampleCsr.data,
      links: { self: '/tls/certificate_signing_requests/1' },
      meta: { status: 'ready' },
    },
  ],
  links: { next: null },
}

export const listCsrs = ({ redis }: Services) =>
  new Hono<Env>().get(
    '/',
    operation('listCsrs', {
      summary: 'List CSRs',
      description:
        'The newest first. Requests without a CSR are among them, with `content` null and their state in `meta`.',
      role: 'read',
      query: querySchema,
      answers: {
        200: {
          description: 'A page of the list; `links.next` is the one after it.',
          body: jsonApiOf(listView, { 'One CSR': example }),
        },
      },
    }),
    async (c) => {
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
    },
  )

const linkAfter = (id: number, limit: number) =>
  `/tls/certificate_signing_requests?${parameters({ 'page[after]': id, 'page[size]': limit })}`

/** Undefined for one that was deleted since the walk. */
function listed(
  request: RequestSummary,
  csr: Buffer | undefined,
): z.output<typeof listedView> | undefined {
  const { id, state } = request
  if (state === 'ready' && !csr) return undefined
  return {
    ...csrResource({ ...request, ...(csr && { csr }) }),
    links: { self: csrPath(id) },
    meta: { status: stateOf(request) },
  }
}
