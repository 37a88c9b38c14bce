/** /dashboard/requests: the tenant's requests, found by path, ref, common name or state. */
import { idSchema, states } from '@csr-foundry/native-api'
import { type RequestSummary, type WalkPoint, walkRequests } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { cursorOf, fromCursor } from '../../dialects/native/cursor.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { stateOf } from '../../state-of.ts'
import { parseQuery } from '../forms.ts'
import { answerPage } from '../layout.ts'
import { ago, none } from '../parts/figures.ts'
import { icon } from '../parts/icon.ts'
import { stateBadge } from '../parts/state.ts'
import { type Column, empty, older, table } from '../parts/table.ts'

const path = '/dashboard/requests'
const perPage = 50
/** A page of a search may hold nothing and go on; so many are read before its reader is asked to go on. */
const walksPerPage = 5

const walkPoint: z.ZodType<WalkPoint> = z.strictObject({
  from: idSchema,
  budget: z.exactOptional(z.int().nonnegative()),
})

const search = z.object({
  q: z.string().trim().max(255, 'has more than 255 characters'),
  state: z.enum(['', ...states], `must be one of ${states.join(', ')}`),
})
type Search = z.output<typeof search>

export const requestsPage = (services: Services) =>
  new Hono<Env>().get('/', requireRole('read'), async (c) => {
    const { q = '', state = '', cursor } = c.req.query()
    const asked = parseQuery(search, { q, state: state as Search['state'] })
    const from = cursor === undefined ? undefined : fromCursor(cursor, walkPoint)
    return answerPage(c, page(asked, await find(services, c, asked, from)))
  })

type Found = { readonly requests: readonly RequestSummary[]; readonly next?: WalkPoint }

async function find(
  { redis }: Services,
  c: Context<Env>,
  { q, state }: Search,
  from: WalkPoint | undefined,
): Promise<Found> {
  const asked = { ...(q !== '' && { q }), ...(state !== '' && { state }) }
  const requests: RequestSummary[] = []
  let next = from
  for (let walks = 0; walks < walksPerPage; walks += 1) {
    const limit = perPage - requests.length
    const walked = await walkRequests(redis, c.get('place'), { ...next, ...asked, limit })
    requests.push(...walked.requests)
    next = walked.next
    if (!next || requests.length >= perPage) break
  }
  return { requests, ...(next && { next }) }
}

const page = (asked: Search, { requests, next }: Found) => ({
  title: 'Requests',
  scripts: ['refresh.js'] as const,
  main: html`${searchForm(asked)}
<div id="live"${requests.some(isMoving) ? html` data-refresh="2"` : ''}>${
    requests.length > 0 ? table('Requests, newest first', columns, requests) : nothing(asked, next)
  }</div>${next && older(path, { ...asked, cursor: cursorOf(next) }, requests.length > 0 ? 'Older' : 'Go on searching')}`,
})

const isMoving = ({ state }: RequestSummary) => state === 'queued'

const searchForm = ({ q, state }: Search) =>
  html`<form class="search" role="search" action="${path}">
<label class="grow"><span class="hidden">Path id, or how a ref or common name begins</span>${icon('search')}<input type="search" name="q" value="${q}" placeholder="Path id, or how a ref or common name begins" maxlength="255"></label>
<label><span class="hidden">State</span><select name="state"><option value="">All states</option>${states.map(
    (one) => html`<option${one === state ? html` selected` : ''}>${one}</option>`,
  )}</select></label>
<button class="primary">Find</button></form>`

function nothing({ q, state }: Search, next: WalkPoint | undefined) {
  if (q === '' && state === '') {
    return empty(
      'No requests yet.',
      html`Hand one in by <a href="/docs#/native/createRequest">POST /v1/requests</a>, or a file of them with
        <code>csrctl submit fleet.csv</code>.`,
    )
  }
  if (next) return empty('Nothing so far.', 'There are older requests that were not looked at yet.')
  const within = q === '' ? '' : ' A search goes through the newest 100,000 ids.'
  return empty(
    'No request is like that.',
    html`Look for less, or <a href="${path}">for all</a>.${within}`,
  )
}

const columns: readonly Column<RequestSummary>[] = [
  { title: 'Path', cell: ({ id }) => html`<a href="${path}/${id}">${id}</a>` },
  { title: 'State', cell: (request) => stateBadge(stateOf(request)) },
  {
    title: 'Common name',
    cell: ({ commonName }) => html`<span class="name">${commonName ?? none}</span>`,
  },
  { title: 'Ref', cell: ({ ref }) => html`<span class="name">${ref ?? none}</span>` },
  { title: 'Key', cell: ({ algorithm }) => algorithm ?? none },
  { title: 'Handed in', cell: ({ times }) => ago(times.created) },
]
