/** What the OpenAPI document shows of batches. */
import type { BatchView, ExportLine, ResultLine } from '@csr-foundry/native-api'
import { exampleCsr } from '../../../openapi/example-texts.ts'

export const exampleRow = {
  ref: 'rack-12/slot-3',
  subject: { commonName: 'edge-1.example.com' },
  subjectAltNames: [{ type: 'dns', value: 'edge-1.example.com' }],
}

export const exampleLines = `${JSON.stringify(exampleRow)}
{"ref": "rack-12/slot-4", "subject": {"commonName": "edge-2.example.com"}, "key": {"algorithm": "ed25519"}}
`

export const exampleCsv = `ref,common_name,sans,key_algorithm
rack-12/slot-3,edge-1.example.com,edge-1.example.com 192.0.2.10,ecdsa-p256
rack-12/slot-4,edge-2.example.com,edge-2.example.com,ed25519
`

const created = '2030-01-31T12:00:00.371Z'

const rejected = {
  line: 3,
  ref: 'rack-12/slot-5',
  errors: [{ pointer: '/subject/country', detail: 'is not a country code' }],
}

export const runningLine = {
  id: '7',
  state: 'running',
  mode: 'partial',
  counts: {
    ...{ rows: 1_000, accepted: 999, rejected: 1 },
    ...{ queued: 600, ready: 399, failed: 0, cancelled: 0 },
  },
  firstPath: '8',
  lastPath: '1007',
  rate: 812.5,
  secondsLeft: 1,
  times: { created, taken: '2030-01-31T12:00:00.571Z' },
  links: {
    self: '/v1/batches/7',
    results: '/v1/batches/7/results',
    events: '/v1/batches/7/events',
  },
} satisfies Omit<BatchView, 'rejected'>

export const runningBatch = { ...runningLine, rejected: [rejected] } satisfies BatchView

export const batchList = { batches: [runningLine], next: 'IjcI' }

export const rejectedList = { rejected: [rejected], next: 'Mw' }

export const readyRow = {
  path: '8',
  row: 0,
  ref: 'rack-12/slot-3',
  state: 'ready',
  key: { id: '8', algorithm: 'ecdsa-p256' },
  csr: exampleCsr,
  cursor: 'MQ',
} satisfies ResultLine

export const exportedLine = {
  path: '1',
  ref: 'rack-12/slot-3',
  jwe: 'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImN0eSI6ImFwcGxpY2F0aW9uL3BrY3M4In0..Gj2U3f9OQ0u7v1tc.9NwTBeQk.X3bXJ4bT1yZ0m4v1c2Q9dA',
  cursor: 'MQ',
} satisfies ExportLine
