import { expect, test } from 'vitest'
import {
  chainStart,
  contentOf,
  extendChain,
  idOf,
  idOrder,
  parseSealText,
  recordLength,
  recordOf,
  type Seal,
  sealedText,
  sealText,
  splitRecords,
} from '../../src/audit/chain.ts'

const entry = (id: string, ...fields: string[]) => ({
  id,
  fields: fields.map((field) => Buffer.from(field)),
})
const records = [
  recordOf(entry('1700000000000-0', 'action', 'key.import')),
  recordOf(entry('1700000000000-1', 'action', 'key.delete')),
  recordOf(entry('1700000000001-0', 'action', 'key.export')),
]
const start = chainStart('default')
const end = extendChain(start, records)
const seal: Seal = {
  version: 1,
  tenant: 'default',
  ...end,
  before: start,
  at: 1_700_000_000_500,
  trimmed: null,
  kid: 'k1',
  mac: 'AA',
}

test('the hashes are what another program makes of the rules: seals that people hold depend on them', () => {
  expect(start.hash).toBe('59a8e81fbeca4eb9c523d1b30ba56587eee33be641243396462049056340b3eb')
  expect(end).toEqual({
    last: '1700000000001-0',
    count: 3,
    hash: '39c7db7f201315eb2bfde46d4fe1e62e2e8563d0812ab87c03abe74e652f32e0',
  })
})

test('a chain goes on the same wherever seals cut it', () => {
  const [first, ...rest] = records
  const cut = extendChain(extendChain(start, first ? [first] : []), rest)
  expect(cut).toEqual(end)
  expect(extendChain(end, [])).toEqual(end)
})

test('chains of two tenants differ from their start on', () => {
  expect(chainStart('other').hash).not.toBe(start.hash)
})

test('the order of entries, each of their octets and the borders between fields are in the hash', () => {
  const [a, b, c] = records
  if (!a || !b || !c) throw new Error('three records')
  expect(extendChain(start, [b, a, c]).hash).not.toBe(end.hash)
  const contents = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc']].map((fields) =>
    contentOf(recordOf(entry('1-1', ...fields))),
  )
  expect(new Set(contents).size).toBe(5)
})

test('octets that are no text are told apart', () => {
  const contents = [0x80, 0x81].map((octet) =>
    contentOf(recordOf({ id: '1-1', fields: [Buffer.of(octet)] })),
  )
  expect(contents[0]).not.toBe(contents[1])
})

test('an entry that is moved keeps its content and changes its record', () => {
  const [here, there] = ['5-0', '5-1'].map((id) => recordOf(entry(id, 'a', 'b')))
  if (!here || !there) throw new Error('two records')
  expect(contentOf(here)).toBe(contentOf(there))
  expect(here.equals(there)).toBe(false)
  expect(idOf(here)).toBe('5-0')
})

test('ids are in the order of their numbers, the largest that Redis has among them', () => {
  const largest = '18446744073709551615-18446744073709551615'
  const ids = ['0-0', '9-10', '10-2', '10-11', '1700000000000-0', largest]
  expect(ids.toSorted(idOrder)).toEqual(ids)
  expect(ids.toReversed().sort(idOrder)).toEqual(ids)
  expect(idOf(recordOf(entry(largest)))).toBe(largest)
})

test('as many records lie with a seal as it says, or they are not split', () => {
  const all = Buffer.concat(records)
  expect(all).toHaveLength(3 * recordLength)
  expect(splitRecords(seal, all)).toEqual(records)
  expect(splitRecords({ ...seal, before: end }, Buffer.alloc(0))).toEqual([])
  for (const others of [all.subarray(1), Buffer.concat([all, all]), Buffer.alloc(0)]) {
    expect(splitRecords(seal, others)).toBeUndefined()
  }
})

test('a seal reads back from its text, from its line in the log, and with its fields in another order', () => {
  expect(parseSealText(sealText(seal))).toEqual(seal)
  const line = { level: 30, time: 'x', name: 'worker-supervisor', ...seal, msg: 'audit sealed' }
  expect(parseSealText(JSON.stringify(line, null, 2))).toEqual(seal)
  const backwards = Object.fromEntries(Object.entries(seal).reverse())
  expect(parseSealText(JSON.stringify(backwards))).toEqual(seal)
})

test('every field of a seal but key and MAC is in what the MAC is made over', () => {
  const others: Partial<Seal>[] = [
    { tenant: 'other' },
    { last: '1700000000001-1' },
    { count: 4 },
    { hash: start.hash },
    { before: end },
    { at: 1 },
    { trimmed: start },
  ]
  const texts = [{}, ...others].map((other) => sealedText({ ...seal, ...other }))
  expect(new Set(texts).size).toBe(others.length + 1)
  expect(sealedText({ ...seal, before: end, trimmed: start })).not.toBe(
    sealedText({ ...seal, before: start, trimmed: end }),
  )
})

test.each([
  '',
  'null',
  '[]',
  '"seal"',
  '{',
  JSON.stringify({ ...seal, version: 2 }),
  JSON.stringify({ ...seal, tenant: 1 }),
  JSON.stringify({ ...seal, last: '1700000000001' }),
  JSON.stringify({ ...seal, last: '99999999999999999999-0' }),
  JSON.stringify({ ...seal, count: -1 }),
  JSON.stringify({ ...seal, count: 2 ** 60 }),
  JSON.stringify({ ...seal, hash: end.hash.toUpperCase() }),
  JSON.stringify({ ...seal, before: null }),
  JSON.stringify({ ...seal, trimmed: undefined }),
  JSON.stringify({ ...seal, trimmed: { ...start, hash: '' } }),
  JSON.stringify({ ...seal, mac: undefined }),
])('what is no seal is none: %s', (text) => {
  expect(parseSealText(text)).toBeUndefined()
})
