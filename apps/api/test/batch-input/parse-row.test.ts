import { parseSpec } from '@csr-foundry/csr'
import { expect, test } from 'vitest'
import type { CsvRow } from '../../src/batch-input/csv-columns.ts'
import { parseRow } from '../../src/batch-input/parse-row.ts'

const defaults = { key: { algorithm: 'ed25519' }, custody: 'exportable' } as const

const csv = (row: CsvRow) => parseRow('csv', row, defaults)

function faultsOf(row: CsvRow) {
  const parsed = csv(row)
  return parsed.ok ? [] : parsed.faults.map(({ pointer, detail }) => [pointer, detail])
}

test('all columns make the spec that the native API takes', () => {
  const row = {
    ref: 'rack-12/slot-3',
    common_name: 'edge-1.example.com',
    sans: 'dns:edge-1.example.com; ip:192.0.2.10',
    organization: 'ACME, Inc.',
    organizational_unit: 'Ops',
    street_address: 'Main St 1',
    city: 'Springfield',
    state: 'Illinois',
    postal_code: '62701',
    country: 'US',
    email: 'ops@example.com',
    key_algorithm: 'rsa-2048',
    custody: 'internal',
  }
  const asJson = {
    ref: 'rack-12/slot-3',
    subject: {
      CN: 'edge-1.example.com',
      O: 'ACME, Inc.',
      OU: 'Ops',
      street: 'Main St 1',
      L: 'Springfield',
      ST: 'Illinois',
      postalCode: '62701',
      C: 'US',
      emailAddress: 'ops@example.com',
    },
    subjectAltNames: [
      { type: 'dns', value: 'edge-1.example.com' },
      { type: 'ip', value: '192.0.2.10' },
    ],
    key: { algorithm: 'rsa-2048' },
    custody: 'internal',
  }
  expect(csv(row)).toEqual(parseSpec(asJson))
  expect(parseRow('ndjson', asJson, defaults)).toEqual(parseSpec(asJson))
})

test('what a row leaves out stands in the policy', () => {
  expect(csv({ common_name: 'a' })).toMatchObject({
    ok: true,
    spec: { key: { algorithm: 'ed25519' }, custody: 'exportable', subjectAltNames: [] },
  })
})

test('a row that names a key gives its id, and whether it names a custody', () => {
  const row = { common_name: 'a', key_id: '42' }
  expect(csv(row)).toMatchObject({ ok: true, keyId: '42', namesCustody: false })
  expect(csv({ ...row, custody: 'internal' })).toMatchObject({ keyId: '42', namesCustody: true })
  const json = { subject: { CN: 'a' }, key: { id: '42', digest: 'sha256' } }
  expect(parseRow('json', json, defaults)).toMatchObject({ keyId: '42', spec: { key: json.key } })
})

test('names may be bare: what they look like is what they have to be', () => {
  const sans =
    'edge-1.example.com;bücher.example *.example.org\r\n192.0.2.10;2001:db8::1 ops@example.com;https://example.com/a DNS:b.example uri:urn:rack:12;;'
  expect(csv({ sans })).toMatchObject({
    spec: {
      subjectAltNames: [
        { type: 'dns', value: 'edge-1.example.com' },
        { type: 'dns', value: 'xn--bcher-kva.example' },
        { type: 'dns', value: '*.example.org' },
        { type: 'ip', value: '192.0.2.10' },
        { type: 'ip', value: '2001:db8::1' },
        { type: 'email', value: 'ops@example.com' },
        { type: 'uri', value: 'https://example.com/a' },
        { type: 'dns', value: 'b.example' },
        { type: 'uri', value: 'urn:rack:12' },
      ],
    },
  })
})

test('faults are at the columns, and all of them at once', () => {
  const row = {
    ref: 'x'.repeat(256),
    common_name: 'a\0b',
    sans: 'a.example 10.0.0 a.example fe80::1%eth0 ip:x host:80 a@ @b',
    organization: 'x'.repeat(65),
    country: 'UK',
    email: 'ops',
    key_algorithm: 'dsa',
    custody: 'mine',
  }
  expect(
    faultsOf(row)
      .map(([pointer]) => pointer)
      .toSorted(),
  ).toEqual([
    '/common_name',
    '/country',
    '/custody',
    '/email',
    '/key_algorithm',
    '/organization',
    '/ref',
    ...['1', '3', '4', '5', '6', '7'].map((index) => `/sans/${index}`),
  ])
})

test.each<[CsvRow, string, string | RegExp]>([
  [{ ref: '1' }, '/common_name', /^is empty and there are no subject alternative names/],
  [{ sans: ' ; ' }, '/common_name', /^is empty/],
  [
    { sans: 'a.example b.example a.example' },
    '/sans/2',
    'is there already, at /sans/0; each name is allowed once',
  ],
  [{ sans: 'a.example;'.repeat(251) }, '/sans', 'has 251 names; at most 250 are allowed'],
  [{ common_name: 'a', key_id: 'x' }, '/key_id', /^is not the id of a key/],
  [
    { common_name: 'a', key_id: '1', key_algorithm: 'ed25519' },
    '/key_algorithm',
    'stands beside a key_id; leave one of them empty',
  ],
])('%j has one fault', (row, pointer, detail) => {
  expect(faultsOf(row)).toEqual([[pointer, expect.stringMatching(detail)]])
})

test('250 names are allowed, in a cell and in JSON', () => {
  const names = Array.from({ length: 250 }, (_, i) => `h${i}.example`)
  expect(csv({ sans: names.join(' ') }).ok).toBe(true)
  const one = { type: 'dns', value: 'a.example' }
  const parsed = parseRow('json', { subjectAltNames: Array(251).fill(one), owner: 1 }, defaults)
  expect(parsed.ok ? [] : parsed.faults.map(({ pointer }) => pointer)).toEqual([
    '/owner',
    '/subjectAltNames',
  ])
})

test.each([null, 1, 'x', [], [{}]])('a row of JSON that is %j is refused', (value) => {
  expect(parseRow('ndjson', value, defaults)).toMatchObject({
    ok: false,
    faults: [{ pointer: '' }],
  })
})
