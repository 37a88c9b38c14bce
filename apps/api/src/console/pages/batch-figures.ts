import { html } from 'hono/html'
import type { BatchLine } from '../../dialects/native/batches/batch-view.ts'
import { durationText, exactly, none, numberText } from '../parts/figures.ts'
import { doneText, progressBar } from '../parts/progress.ts'
import { stateBadge } from '../parts/state.ts'
import { facts } from '../parts/table.ts'
import { tiles } from '../parts/tiles.ts'

/** Whether it moves no more, unless somebody asks for it. */
export const isOver = ({ state, counts }: BatchLine): boolean =>
  state !== 'taking' && state !== 'running' && counts.queued === 0

/** The part of a batch's page that moves: drawn with the page, and again for each event. */
export function batchFigures(batch: BatchLine) {
  const { state, counts, rate, secondsLeft, times, mode, firstPath, lastPath } = batch
  return html`<section class="panel" aria-label="Progress"${isOver(batch) ? html` data-over` : ''}><div class="how-far large">
<p class="line">${stateBadge(state)}<span>${doneText(counts)}</span><span class="space"></span><span class="muted">${secondsLeft === undefined ? '' : `${durationText(secondsLeft * 1_000)} left`}</span></p>
${progressBar(counts)}</div></section>
${tiles([
  { title: 'Ready', value: numberText(counts.ready), kind: 'good' },
  { title: 'Failed', value: numberText(counts.failed), kind: counts.failed > 0 ? 'bad' : '' },
  { title: 'Queued', value: numberText(counts.queued) },
  { title: 'Cancelled', value: numberText(counts.cancelled) },
  {
    title: 'Rejected rows',
    value: numberText(counts.rejected),
    kind: counts.rejected > 0 ? 'bad' : '',
  },
  { title: 'CSRs per second', value: rate === undefined ? none : numberText(rate) },
])}
<section class="panel" aria-label="About the batch">${facts([
    ['Handed in', exactly(Date.parse(times.created))],
    ['All rows in', times.taken && exactly(Date.parse(times.taken))],
    ['Done', times.settled && exactly(Date.parse(times.settled))],
    ['Took', took(batch)],
    ['Cancelled', times.cancelled && exactly(Date.parse(times.cancelled))],
    ['Rows', numberText(counts.rows)],
    ['Mode', mode === 'atomic' ? 'atomic: all rows or none' : 'partial: valid rows are taken'],
    [
      'Path ids',
      firstPath &&
        html`<a href="/dashboard/requests/${firstPath}">${firstPath}</a> to <a href="/dashboard/requests/${lastPath}">${lastPath}</a>`,
    ],
  ])}</section>`
}

const took = ({ times: { created, settled } }: BatchLine) =>
  settled === undefined ? undefined : durationText(Date.parse(settled) - Date.parse(created))
