import type { RequestRecord } from '@csr-foundry/records'
import { html } from 'hono/html'
import { durationText, exactly } from './figures.ts'

const ends: Readonly<Record<RequestRecord['state'], string>> = {
  queued: 'Settled',
  ready: 'Ready',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

/** When a request was handed in, taken and settled, and how long each step took. */
export function timeline(
  { created, started, finished }: RequestRecord['times'],
  state: RequestRecord['state'],
) {
  const steps = [
    { title: 'Handed in', at: created, before: undefined },
    { title: 'Taken by a worker', at: started, before: created },
    { title: ends[state], at: finished, before: started ?? created },
  ]
  return html`<ol class="timeline">${steps.map(
    ({ title, at, before }) =>
      html`<li class="${at === undefined ? 'open' : state}"><span class="what">${title}</span><span>${
        at === undefined ? html`<span class="muted">not yet</span>` : exactly(at)
      }${at !== undefined && before !== undefined && html`<span class="muted after"> after ${durationText(at - before)}</span>`}</span></li>`,
  )}</ol>`
}
