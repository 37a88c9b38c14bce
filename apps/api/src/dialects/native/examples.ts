/** What the OpenAPI document shows as answers of the native API. */
import type {
  AuditEntryView,
  AuditReport,
  AuditSeal,
  KeyExportView,
  KeyView,
  OwnFailuresView,
  PolicyView,
  RequestListView,
  RequestView,
} from '@csr-foundry/native-api'
import { exampleCsr, examplePublicKey } from '../../openapi/example-texts.ts'

const created = '2030-01-31T12:00:00.371Z'
const algorithm = 'ecdsa-p256'
const links = { self: '/v1/requests/1' }

export const queuedRequest = {
  id: '1',
  state: 'queued',
  key: { algorithm },
  times: { created },
  links,
} satisfies RequestView

const settled = {
  id: '1',
  key: { id: '1', algorithm },
  times: { created, started: '2030-01-31T12:00:00.391Z', finished: '2030-01-31T12:00:00.452Z' },
  links: { ...links, key: '/v1/keys/1' },
} as const

export const readyRequest = { ...settled, state: 'ready', csr: exampleCsr } satisfies RequestView

export const failedRequest = {
  ...queuedRequest,
  state: 'failed',
  times: settled.times,
  links: { ...links, retry: '/v1/requests/1/retry' },
  problem: {
    type: '/docs/errors#csr_not_made',
    title: 'The CSR could not be made.',
    status: 500,
    code: 'csr_not_made',
    detail: 'The CSR could not be made.',
  },
} satisfies RequestView

export const requestList = {
  requests: [{ ...settled, state: 'ready', commonName: 'edge-1.example.com' }],
  next: 'eyJmcm9tIjoiMSJ9',
} satisfies RequestListView

export const importedKey = {
  id: '1',
  name: 'the test key of RFC 9500',
  algorithm,
  publicKey: examplePublicKey,
  spkiSha256: 'b2b04340cfaee616ec9c2c62d261b208e54bb197498df52e8cadede23ac0ba5e',
  custody: 'internal',
  origin: 'imported',
  inUse: false,
  created,
  links: { self: '/v1/keys/1' },
} satisfies KeyView

export const policy = {
  defaultCustody: 'internal',
  lxcaSpec: 'DEFAULT',
  defaultKey: algorithm,
} satisfies PolicyView

export const exportedToRecipient = {
  id: '1',
  jwe: 'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImN0eSI6ImFwcGxpY2F0aW9uL3BrY3M4In0..Gj2U3f9OQ0u7v1tc.9NwTBeQk.X3bXJ4bT1yZ0m4v1c2Q9dA',
} satisfies KeyExportView

export const exportedToPassword = {
  id: '1',
  pem: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHs…\n-----END ENCRYPTED PRIVATE KEY-----\n',
} satisfies KeyExportView

const entry = {
  id: '1927540800371-0',
  time: created,
  by: 'user:admin',
  from: '192.0.2.10',
  requestId: '0f6b2c1e-6f1c-4f3e-9d49-0a3f1c6f1b11',
  action: 'request.create',
  ids: ['1'],
  outcome: 'done',
} satisfies AuditEntryView

export const auditList = { entries: [entry], next: entry.id }

export const exampleSeal = {
  version: 1,
  tenant: 'default',
  last: entry.id,
  count: 1,
  hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  at: 1_927_540_801_371,
  trimmed: null,
  kid: '0d4b2a7e-3c55-4f27-9a52-3a8f6e0f3f65',
  mac: 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9',
} satisfies AuditSeal

export const exampleReport = {
  entries: 1,
  sealed: 1,
  unsealed: 0,
  from: { count: 0, last: '0-0' },
  held: 'none',
  found: 0,
  findings: [],
  seal: exampleSeal,
} satisfies AuditReport

export const ownFailures = {
  ...{ failed: 3, looked: 3 },
  groups: [{ code: 'csr_not_made', count: 3, newest: ['42', '17', '7'] }],
} satisfies OwnFailuresView
