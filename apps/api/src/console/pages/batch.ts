/** /dashboard/batches/{id}: how far a batch is, live, and what can be done with it. */
import { idSchema } from '@csr-foundry/native-api'
import { type BatchResult, cancelBatch, readResults, retryBatch } from '@csr-foundry/records'
import { ServiceError } from '@csr-foundry/service'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { changeInBackground } from '../../dialects/native/batches/add-lots.ts'
import { BatchPace } from '../../dialects/native/batches/batch-pace.ts'
import {
  type BatchLine,
  batchView,
  requireBatch,
} from '../../dialects/native/batches/batch-view.ts'
import { batchEvents } from '../../dialects/native/batches/get-events.ts'
import { batchBusy, batchNotFound } from '../../dialects/native/batches/intake-errors.ts'
import { resultForms } from '../../dialects/native/batches/result-forms.ts'
import { resultPages } from '../../dialects/native/batches/result-lines.ts'
import { streamOf } from '../../dialects/native/batches/stream-of.ts'
import { requireRole } from '../../guards.ts'
import type { Env, Services } from '../../services.ts'
import { confirmForm } from '../forms.ts'
import { answerPage, type Html } from '../layout.ts'
import { noticeOf, withNotice } from '../notices.ts'
import { numberText } from '../parts/figures.ts'
import { table } from '../parts/table.ts'
import { batchFigures, isOver } from './batch-figures.ts'

const path = '/dashboard/batches'
const failuresShown = 20

/** What a batch can be fetched as, by the end of the name. */
const downloads = { csv: 'text/csv', 'tar.gz': 'application/gzip' } as const

export const batchPage = (services: Services) => {
  const { redis } = services
  const pace = new BatchPace()
  return new Hono<Env>()
    .get('/:id', requireRole('read'), async (c) => {
      const place = c.get('place')
      const batch = await requireBatch(redis, place, idOf(c))
      const view = await batchView(redis, place, batch, pace)
      const failed = view.counts.failed === 0 ? [] : await firstFailures(services, c, batch.id)
      return answerPage(c, page(c, view, failed))
    })
    .get('/:id/events', requireRole('read'), (c) =>
      batchEvents(services, c, { id: idOf(c), pace, say }),
    )
    .get('/:id/results/:form{csv|tar\\.gz}', requireRole('read'), async (c) => {
      const form = c.req.param('form')
      const mediaType = downloads[form as keyof typeof downloads]
      const batch = await requireBatch(redis, c.get('place'), c.req.param('id'))
      const pages = resultPages(services, c, { id: batch.id, row: 0, state: undefined })
      const written = resultForms[mediaType]?.write(pages, batch)
      if (!written) throw new ServiceError('resource_unknown')
      return c.body(streamOf(written), 200, {
        'Content-Type': mediaType,
        'Content-Disposition': `attachment; filename="batch-${batch.id}.${form}"`,
      })
    })
    .post('/:id/cancel', requireRole('submit'), async (c) => {
      const id = idOf(c)
      if ((await cancelBatch(redis, c.get('place'), id)) === 'unknown') throw batchNotFound(id)
      changeInBackground(services, c, id)
      return c.redirect(withNotice(`${path}/${id}`, 'batch-cancelled'), 303)
    })
    .post('/:id/retry', requireRole('submit'), async (c) => {
      const id = idOf(c)
      const asked = await retryBatch(redis, c.get('place'), id)
      if (asked === 'unknown') throw batchNotFound(id)
      if (asked === 'busy') throw batchBusy(id)
      changeInBackground(services, c, id)
      return c.redirect(withNotice(`${path}/${id}`, 'batch-retried'), 303)
    })
}

/** @throws {ServiceError} `batch_not_found` for what cannot be an id */
function idOf(c: Context<Env>): string {
  const id = c.req.param('id') ?? ''
  if (!idSchema.safeParse(id).success) throw batchNotFound(id)
  return id
}

/** The figures as the page has them, in one line. */
const say = (batch: BatchLine): string => JSON.stringify(String(batchFigures(batch)))

async function firstFailures({ redis }: Services, c: Context<Env>, id: string) {
  const found: BatchResult[] = []
  let row: number | undefined = 0
  // Blocks without a failure are read as well: a few of them, the rest is for the list of requests.
  for (
    let blocks = 0;
    blocks < 8 && row !== undefined && found.length < failuresShown;
    blocks += 1
  ) {
    const page = await readResults(redis, c.get('place'), id, { row, state: 'failed' })
    found.push(...page.results)
    row = page.next
  }
  return found.slice(0, failuresShown)
}

type View = Awaited<ReturnType<typeof batchView>>

const page = (c: Context<Env>, batch: View, failed: readonly BatchResult[]) => ({
  title: `Batch ${batch.id}`,
  above: [{ title: 'Batches', path }],
  actions: actions(c, batch),
  scripts: ['batch.js'] as const,
  main: html`${noticeOf(c)}
<div id="live"${isOver(batch) ? '' : html` data-events="${path}/${batch.id}/events"`}>${batchFigures(batch)}</div>
${failed.length > 0 && failures(failed)}${batch.rejected.length > 0 && rejects(batch)}`,
})

function actions(c: Context<Env>, { id, counts }: BatchLine): Html {
  const mayChange = c.get('principal').roles.includes('submit')
  const { queued, failed, ready } = counts
  const cancel = {
    label: 'Cancel…',
    kind: 'danger',
    question: `${numberText(queued)} queued requests will not be made. What is ready stays.`,
    act: 'Cancel the rest',
  }
  const retry = {
    label: 'Retry failed…',
    question: `${numberText(failed)} failed requests are queued again, under the same ids.`,
    act: 'Retry them',
  }
  return html`${ready > 0 && html`<a class="button" href="${path}/${id}/results/tar.gz" download>CSRs (tar.gz)</a>`}
<a class="button" href="${path}/${id}/results/csv" download>Results (CSV)</a>
${mayChange && failed > 0 && confirmForm(c, `${path}/${id}/retry`, retry)}
${mayChange && queued > 0 && confirmForm(c, `${path}/${id}/cancel`, cancel)}`
}

const failures = (failed: readonly BatchResult[]) =>
  html`<section aria-labelledby="failed"><h2 id="failed">Failed</h2>${table(
    'Failed requests of the batch',
    [
      { title: 'Path', cell: ({ id }) => html`<a href="/dashboard/requests/${id}">${id}</a>` },
      { title: 'Ref', cell: ({ ref }) => ref ?? '' },
      { title: 'Code', cell: ({ problem }) => html`<code>${problem?.code}</code>` },
      { title: 'What happened', cell: ({ problem }) => problem?.detail ?? '' },
    ],
    failed,
  )}</section>`

const rejects = ({ rejected, counts }: View) =>
  html`<section aria-labelledby="rejected"><h2 id="rejected">Rejected rows</h2>
<p class="muted">They were not valid and are not part of the batch${
    counts.rejected > rejected.length ? `; the first ${rejected.length} are shown` : ''
  }.</p>${table(
    'Rejected rows of the batch',
    [
      { title: 'Line', of: 'numbers', cell: ({ line }) => numberText(line) },
      { title: 'Ref', cell: ({ ref }) => ref ?? '' },
      {
        title: 'What is wrong',
        cell: ({ errors }) =>
          html`<ul class="plain">${errors.map(({ pointer, detail }) => html`<li><code>${pointer || '/'}</code> ${detail}</li>`)}</ul>`,
      },
    ],
    rejected,
  )}</section>`
