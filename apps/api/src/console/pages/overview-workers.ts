import type { Concurrency, WorkerOverview } from '@csr-foundry/native-api'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../services.ts'
import { confirmForm, postForm } from '../forms.ts'
import { ago, durationText, none, numberText } from '../parts/figures.ts'
import { lotsFields } from '../parts/lots-at-once.ts'
import { stateBadge } from '../parts/state.ts'
import { type Column, empty, table } from '../parts/table.ts'

/** The worker processes of all hosts, and what an operator does to them. */
export const workersTable = (c: Context<Env>, workers: readonly WorkerOverview[]) =>
  workers.length === 0
    ? empty(
        'No worker process has been heard of lately.',
        'Start a supervisor: what is handed in waits until then.',
      )
    : table('Worker processes', columnsFor(c), workers, ({ id }) => id)

/** What all of them take at once, to be set; `set` is what is set now. */
export const concurrencyForm = (c: Context<Env>, set: Concurrency) =>
  html`<details class="confirm"><summary class="button">Lots of all…</summary><div class="sheet">${postForm(
    c,
    '/dashboard/overview/concurrency',
    html`<p>How many lots each worker takes at once, those that start later as well. Left empty: as many as its machine chooses.</p>
${lotsFields({ set })}<button class="primary">Set for all</button>`,
  )}</div></details>`

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
  const sizes = html`<p>How many lots it takes at once, as long as it lives. Left empty: stays as it is.</p>
${lotsFields({ now: concurrency })}
<div class="row"><button class="primary">Change</button><button name="as" value="all">As for all</button></div>`
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
