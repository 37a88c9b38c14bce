import type { WorkerOverview } from '@csr-foundry/native-api'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../services.ts'
import { confirmForm, postForm } from '../forms.ts'
import { ago, durationText, none, numberText } from '../parts/figures.ts'
import { stateBadge } from '../parts/state.ts'
import { type Column, empty, table } from '../parts/table.ts'

/** The worker processes of all hosts, and what an operator does to them. */
export const workersTable = (c: Context<Env>, workers: readonly WorkerOverview[]) =>
  workers.length === 0
    ? empty(
        'No worker process has been heard of lately.',
        'Start a supervisor: what is handed in waits until then.',
      )
    : html`${table('Worker processes', columnsFor(c), workers)}`

const columnsFor = (c: Context<Env>): readonly Column<WorkerOverview>[] => [
  {
    title: 'Worker',
    cell: ({ host, pid }) => html`<span class="name"><b>${host}</b>:${pid}</span>`,
  },
  { title: 'State', cell: (worker) => stateBadge(stateOf(worker)) },
  { title: 'Lots', of: 'numbers', cell: ({ lots }) => numberText(lots) },
  { title: 'At once', of: 'numbers', cell: ({ concurrency }) => html`${atOnce(concurrency)}` },
  {
    title: 'Oldest lot',
    of: 'numbers',
    cell: ({ lots, oldestLotMs }) => (lots > 0 ? durationText(oldestLotMs) : none),
  },
  {
    title: 'Event loop',
    of: 'numbers',
    cell: ({ eventLoopDelayMs }) => durationText(eventLoopDelayMs),
  },
  { title: 'Heard of', cell: ({ lastSeen }) => ago(lastSeen) },
  { title: 'Release', cell: ({ version }) => version },
  { title: 'Change', of: 'acts', cell: (worker) => acts(c, worker) },
]

function stateOf({ silent, draining, lots }: WorkerOverview): string {
  if (silent) return 'silent'
  if (draining) return 'draining'
  return lots > 0 ? 'working' : 'idle'
}

const atOnce = ({ fast, slow }: Partial<WorkerOverview['concurrency']>): string =>
  `fast ${fast ?? none}, slow ${slow ?? none}`

function acts(c: Context<Env>, { id, host, pid, draining, concurrency }: WorkerOverview) {
  const path = `/dashboard/overview/workers/${encodeURIComponent(id)}`
  const name = `${host}:${pid}`
  const sizes = html`<p>How many lots it takes at once. Left empty: what counts for all.</p>
<label class="beside">fast<input type="number" name="fast" min="1" max="64" value="${concurrency.fast ?? ''}"></label>
<label class="beside">slow<input type="number" name="slow" min="1" max="64" value="${concurrency.slow ?? ''}"></label>
<button class="primary">Change</button>`
  const size = html`<details class="confirm"><summary class="button">Lots…<span class="hidden"> of ${name}</span></summary><div class="sheet">${postForm(c, `${path}/concurrency`, sizes)}</div></details>`
  if (draining) {
    const go = html`<button class="primary">Go on<span class="hidden"> ${name}</span></button>`
    return html`${size}${postForm(c, `${path}/resume`, go)}`
  }
  return html`${size}${confirmForm(c, `${path}/drain`, {
    label: 'Drain…',
    question: `${name} finishes what it has and takes no more.`,
    act: 'Drain it',
  })}`
}
