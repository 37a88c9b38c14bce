import { howMany } from '@csr-foundry/testing/how-many'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csvFields } from '../../src/batch-input/csv-fields.ts'
import { collectRows, randomFrom, said } from './collect-rows.ts'

const header = 'ref,common_name,sans'
const misplaced =
  'has a quote within a field; a field with quotes is quoted as a whole, each of them doubled'
const unclosed = 'has a quote that is not closed, or not within 64 KiB'

test('columns are in any order, empty fields are not there, lines end with LF or CRLF', async () => {
  const { rows } = await collectRows(
    'csv',
    'sans,ref,common_name\r\n"a.example;b.example",1,\r\n\r\n\n,"2","say ""x"", y"\n"l1\r\nl2",3,c',
  )
  expect(rows).toEqual([
    [2, '"a.example;b.example",1,', { sans: 'a.example;b.example', ref: '1' }],
    [5, ',"2","say ""x"", y"', { ref: '2', common_name: 'say "x", y' }],
    [6, '"l1\r\nl2",3,c', { sans: 'l1\r\nl2', ref: '3', common_name: 'c' }],
  ])
})

test.each([
  ['a"b,c,d', unclosed],
  ['a"b"c,c,d', misplaced],
  ['"a"b,c,d', misplaced],
  [' "a",b,c', misplaced],
  ['a,b', 'has 2 fields; the first line has 3'],
  ['a,b,c,d', 'has 4 fields; the first line has 3'],
  ['"a,b,c', unclosed],
  ['a,b,"', unclosed],
])('%j is reported and hurts no other', async (line, detail) => {
  const body = `${header}\n1,x,y\n${line}\n2,"x, z",y\n3,x,y\n`
  expect(await said('csv', body)).toEqual([
    [2, { ref: '1', common_name: 'x', sans: 'y' }],
    [3, [detail]],
    [4, { ref: '2', common_name: 'x, z', sans: 'y' }],
    [5, { ref: '3', common_name: 'x', sans: 'y' }],
  ])
})

test('a quote that never closes costs its line, not what comes after', async () => {
  const after = Array.from({ length: 20_000 }, (_, i) => `${i},x,y`)
  const rows = await said('csv', [header, '"1,x,y', ...after].join('\n'), { cut: 1000 })
  expect(rows.length).toBe(20_001)
  expect(rows[0]).toEqual([2, [unclosed]])
  expect(rows.at(-1)).toEqual([20_002, { ref: '19999', common_name: 'x', sans: 'y' }])
})

test('a line of 10 MB is one fault, quoted or not', async () => {
  const long = 'x'.repeat(10_000_000)
  for (const line of [`a,${long},c`, `"a,${long},c`, `a,"${long}",c`]) {
    const rows = await said('csv', `${header}\n${line}\n1,x,y`)
    expect(rows).toEqual([
      [2, ['has more than 64 KiB']],
      [3, { ref: '1', common_name: 'x', sans: 'y' }],
    ])
  }
})

test('a line that is too long within a quote is a fault beside the one that opened it', async () => {
  const rows = await said('csv', `${header}\n"a,b,c\n${'x'.repeat(70_000)}\n1,x,y`)
  expect(rows.map(([line, what]) => [line, Array.isArray(what) && what[0]])).toEqual([
    [2, unclosed],
    [3, 'has more than 64 KiB'],
    [4, false],
  ])
})

test('thousands of quotes that do not close take no time', async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => (i % 3 === 0 ? '"' : '""'))
  const started = performance.now()
  const rows = await said('csv', `${header}\n${lines.join('\n')}`)
  expect(rows.length).toBeGreaterThan(0)
  expect(performance.now() - started).toBeLessThan(5000)
})

test.each([
  ['', 'is empty; its first line has to name the columns', ''],
  ['\n\r\n', 'is empty; its first line has to name the columns', ''],
  [
    'owner,ref\n',
    /^is not a column; ref, common_name, sans, .* are, separated by commas$/,
    '/owner',
  ],
  ['Ref\n', /^is not a column/, '/Ref'],
  ['ref;sans\n', /^is not a column/, '/ref;sans'],
  ['ref,\n', /^is not a column/, '/'],
  ['ref,sans,ref\n', 'is there twice; each column is allowed once', '/ref'],
  ['ref,sans\r1\r', 'has a CR alone; lines end with LF or CRLF', '/sans\r1'],
  ['a/~b\n', /^is not a column/, '/a~1~0b'],
  ['ref,"sans\n1,2', /^has a first line that has a quote that is not closed/, ''],
  [`${'x'.repeat(70_000)}\n1`, 'has a first line that has more than 64 KiB', ''],
  ['{"ref":1}\n', /^has a first line that has a quote within a field/, ''],
])('the columns %j are refused', async (body, detail, pointer) => {
  const { rows, error } = await collectRows('csv', body)
  expect(rows).toEqual([])
  expect(error).toMatchObject({
    code: 'header_invalid',
    faults: [{ pointer, detail: expect.stringMatching(detail) }],
  })
})

test('all columns that are wrong are told at once, thousands of them shortly', async () => {
  const { error } = await collectRows('csv', 'owner,sans,sans,"x,y"\n')
  expect(error?.faults.map(({ pointer }) => pointer)).toEqual(['/owner', '/sans', '/x,y'])
  const many = await collectRows('csv', ','.repeat(30_000))
  expect(many.error?.faults.length).toBe(21)
})

test('bytes that are not UTF-8 are reported, also within quotes over lines', async () => {
  const bad = Buffer.from([0xe9])
  const body = Buffer.concat([Buffer.from(`${header}\n"a\nb`), bad, Buffer.from('",c,d\n1,x,y')])
  expect(await said('csv', body)).toEqual([
    [2, ['is not valid UTF-8']],
    [4, { ref: '1', common_name: 'x', sans: 'y' }],
  ])
})

const records = howMany(4_000, 20_000)

test('a record is what csv-parse reads', () => {
  const random = randomFrom(7)
  const alphabet = ['"', '"', ',', 'a', 'ü', ' ', '""', '",', ',"', '\n', ';']
  let accepted = 0
  for (let i = 0; i < records; i += 1) {
    const text = Array.from(
      { length: 1 + random(10) },
      () => alphabet[random(alphabet.length)],
    ).join('')
    // Without quotes a line end would end the record.
    const isRecord = (text.split('"').length - 1) % 2 === 0
    const record = text.includes('"') && isRecord ? text : text.replaceAll('\n', '')
    const expected = readByLibrary(record)
    // Of an empty text the library makes no record, and a line end outside quotes ends one.
    if (record === '' || record.endsWith('\n') || (expected && expected.length > 1)) continue
    expect([record, csvFields(record)]).toEqual([record, expected?.[0]])
    if (expected) accepted += 1
  }
  expect(accepted).toBeGreaterThan(records / 20)
})

function readByLibrary(record: string): string[][] | undefined {
  try {
    return parse(record, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] })
  } catch {
    return undefined
  }
}
