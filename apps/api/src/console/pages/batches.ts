/** /dashboard/batches: the tenant's batches, newest first. */
import { type BatchView, idSchema } from '@csr-foundry/native-api'
import { listBatches } from '@csr-foundry/records'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { BatchPace } from '../../dialects/native/batches/batch-pace.ts'
import { type BatchLine, batchLine } from '../../dialects/native/batches/batch-view.ts'
import { cursorOf, fromCursor } from '../../dialects/native/cursor.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { answerPage } from '../layout.ts'
import { noticeOf } from '../notices.ts'
import { ago, durationText, none, numberText } from '../parts/figures.ts'
import { doneText, progressBar } from '../parts/progress.ts'
import { stateBadge } from '../parts/state.ts'
import { type Column, empty, older, table } from '../parts/table.ts'

const path = '/dashboard/batches'
const perPage = 50

export const batchesPage = ({ redis }: Services) => {
  const pace = new BatchPace()
  return new Hono<Env>().get('/', requireRole('read'), async (c) => {
    const place = c.get('place')
    const cursor = c.req.query('cursor')
    const before = cursor === undefined ? undefined : fromCursor(cursor, idSchema)
    const { batches, next } = await listBatches(redis, place, { before, limit: perPage })
    const lines = batches.map((batch) => batchLine(place, batch, pace))
    return answerPage(c, page(c, lines, next && cursorOf(next)))
  })
}

const isMoving = ({ state }: BatchLine) => state === 'running' || state === 'taking'

const page = (c: Context<Env>, lines: readonly BatchLine[], next: string | undefined) => ({
  title: 'Batches',
  scripts: ['refresh.js'] as const,
  main: html`${noticeOf(c)}<div id="live"${lines.some(isMoving) ? html` data-refresh="2"` : ''}>${
    lines.length === 0 ? nothing : table('Batches, newest first', columns, lines)
  }</div>${next && older(path, { cursor: next })}`,
})

const nothing = empty(
  'No batches yet.',
  html`Hand one in with <code>csrctl submit fleet.csv</code>, or by
    <a href="/docs#/native/createBatch">POST /v1/batches</a>. Needed is the role <code>submit</code>.`,
)

const columns: readonly Column<BatchLine>[] = [
  { title: 'Batch', cell: ({ id }) => html`<a href="${path}/${id}">${id}</a>` },
  { title: 'State', cell: ({ state }) => stateBadge(state) },
  {
    title: 'Progress',
    cell: ({ counts }) =>
      html`<div class="how-far">${progressBar(counts)}<span>${doneText(counts)}</span></div>`,
  },
  { title: 'Failed', of: 'numbers', cell: ({ counts }) => warned(counts.failed) },
  { title: 'Rejected', of: 'numbers', cell: ({ counts }) => warned(counts.rejected) },
  { title: 'CSRs/s', of: 'numbers', cell: ({ rate }) => (rate ? numberText(rate) : none) },
  { title: 'Time left', of: 'numbers', cell: timeLeft },
  { title: 'Handed in', cell: ({ times }) => ago(times.created) },
]

const warned = (count: number) =>
  count === 0
    ? html`<span class="muted">0</span>`
    : html`<strong class="bad">${numberText(count)}</strong>`

function timeLeft({ secondsLeft }: Pick<BatchView, 'secondsLeft'>): string {
  return durationText(secondsLeft === undefined ? undefined : secondsLeft * 1_000)
}
