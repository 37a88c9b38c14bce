import type { LaneOverview, PercentilesView } from '@csr-foundry/native-api'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../services.ts'
import { confirmForm, postForm } from '../forms.ts'
import { durationText, none, numberText } from '../parts/figures.ts'
import { stateBadge } from '../parts/state.ts'
import { type Column, table } from '../parts/table.ts'

/** The lanes, and what an operator does to them. */
export const lanesTable = (c: Context<Env>, lanes: readonly LaneOverview[]) =>
  table('Lanes', columnsFor(c), lanes)

const columnsFor = (c: Context<Env>): readonly Column<LaneOverview>[] => [
  { title: 'Lane', cell: ({ lane }) => html`<b>${lane}</b>` },
  { title: 'State', cell: (lane) => stateBadge(stateOf(lane)) },
  { title: 'Waiting lots', of: 'numbers', cell: ({ waitingLots }) => numberText(waitingLots) },
  { title: 'At work', of: 'numbers', cell: ({ activeLots }) => numberText(activeLots) },
  { title: 'Resting', of: 'numbers', cell: ({ delayedLots }) => numberText(delayedLots) },
  { title: 'Oldest', of: 'numbers', cell: ({ oldestWaitingMs }) => durationText(oldestWaitingMs) },
  {
    title: 'Wait p50, p95, p99',
    head: trioHead('Wait'),
    of: 'numbers',
    cell: ({ wait }) => trio(wait),
  },
  {
    title: 'Work p50, p95, p99',
    head: trioHead('Work'),
    of: 'numbers',
    cell: ({ work }) => trio(work),
  },
  { title: 'Pause or resume', of: 'acts', cell: (lane) => act(c, lane) },
]

function stateOf({ paused, activeLots }: LaneOverview): string {
  if (paused) return 'paused'
  return activeLots > 0 ? 'working' : 'idle'
}

const trioHead = (what: string) =>
  html`<span class="trio"><span>${what} p50</span><span>p95</span><span>p99</span></span>`

/** Three times, below those of the other lane. */
const trio = (times: PercentilesView | undefined) =>
  html`<span class="trio">${(['p50', 'p95', 'p99'] as const).map(
    (name) => html`<span>${times ? durationText(times[name]) : none}</span>`,
  )}</span>`

function act(c: Context<Env>, { lane, paused }: LaneOverview) {
  const path = `/dashboard/overview/lanes/${lane}`
  const resume = html`<button class="primary">Resume<span class="hidden"> the lane ${lane}</span></button>`
  if (paused) return postForm(c, `${path}/resume`, resume)
  return confirmForm(c, `${path}/pause`, {
    label: 'Pause…',
    question:
      'What is under way is finished. Requests of all tenants are taken in and wait, until somebody resumes the lane.',
    act: `Pause the lane ${lane}`,
  })
}
