import { pem } from './scripted-service.ts'

export const ndjson = (...lines: object[]) =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** A batch that is done, of two rows that are ready, unless told otherwise. */
export const batch = (
  more: { state?: string; counts?: object; [field: string]: unknown } = {},
) => ({
  id: '7',
  state: 'done',
  mode: 'partial',
  firstPath: '11',
  lastPath: '12',
  rejected: [],
  times: { created: '2026-01-02T03:04:05.678Z' },
  links: {
    self: '/v1/batches/7',
    results: '/v1/batches/7/results',
    events: '/v1/batches/7/events',
  },
  ...more,
  counts: {
    rows: 2,
    accepted: 2,
    rejected: 0,
    queued: 0,
    ready: 2,
    failed: 0,
    cancelled: 0,
    ...more.counts,
  },
})

export const ready = (row: number, ref?: string) => ({
  path: String(11 + row),
  row,
  ref,
  state: 'ready',
  key: { id: String(11 + row), algorithm: 'ed25519' },
  csr: pem.replace('AQID', `AQID${row}`),
  cursor: `c${row}`,
})

export const events = (...batches: object[]) => ({
  headers: { 'content-type': 'text/event-stream' },
  body: batches.map((each) => `event: batch\ndata: ${JSON.stringify(each)}\n\n`).join(''),
})

/** What a service answers to a batch that goes well. */
export const going = (done = batch(), ...lines: object[]) => ({
  'GET /v1/batches': { body: { batches: [] } },
  'POST /v1/batches': { status: 202, body: { ...done, state: 'running' } },
  'GET /v1/batches/7': { body: done },
  'GET /v1/batches/7/events': events(done),
  'GET /v1/batches/7/results': { body: ndjson(...lines) },
})
