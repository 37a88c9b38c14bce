import { expect, test } from 'vitest'
import { collectRows, said } from './collect-rows.ts'

test('a spec is on each line, whatever ends it, and empty lines are none', async () => {
  const { rows } = await collectRows('ndjson', '{"a":1}\r\n\n \t\r\n{"b":2}\n[3]')
  expect(rows).toEqual([
    [1, '{"a":1}', { a: 1 }],
    [4, '{"b":2}', { b: 2 }],
    [5, '[3]', [3]],
  ])
  expect(await said('ndjson', '')).toEqual([])
})

test.each([
  ['{"a":"x\\n', 'is not JSON: it breaks at character 10'],
  ['[1,', 'is not JSON: it ends too early'],
  ['{"a":}', 'is not well-formed JSON'],
  ['{} {}', 'is not JSON: it breaks at character 4'],
  ['{"a":1}\r{"b":2}', 'is not JSON: it breaks at character 9'],
  ['{"a":"x\0y"}', 'is not JSON: it breaks at character 8'],
  ['{"a":1,"a":2}', 'has an object that has the same name twice; each may be there once'],
  [
    '{"a":[{"u":"x:y","u":1}]}',
    'has an object that has the same name twice; each may be there once',
  ],
  ['nope', 'is not well-formed JSON'],
  ['\ufeff{}', 'is not well-formed JSON'],
])('%j is reported and hurts no other', async (line, detail) => {
  const rows = await said('ndjson', `{"ok":1}\n${line}\n{"ok":"a:b"}\n`)
  expect(rows).toEqual([
    [1, { ok: 1 }],
    [2, [detail]],
    [3, { ok: 'a:b' }],
  ])
})

test('bytes that are not UTF-8 are reported', async () => {
  const body = Buffer.concat([
    Buffer.from('{"a":"'),
    Buffer.from([0xc3, 0x28]),
    Buffer.from('"}\n{"a":"ü"}'),
  ])
  expect(await said('ndjson', body)).toEqual([
    [1, ['is not valid UTF-8']],
    [2, { a: 'ü' }],
  ])
})

test('a row has 64 KiB and no byte more, its line end not counted', async () => {
  const full = JSON.stringify('x'.repeat(65_534))
  const rows = await said('ndjson', `${full}\r\n${full}\n ${full}\n${full}`, { cut: 60_000 })
  expect(rows.map(([line, what]) => [line, typeof what === 'string' || what])).toEqual([
    [1, true],
    [2, true],
    [3, ['has more than 64 KiB']],
    [4, true],
  ])
})

test.each([1000, 65_536, 20 * 1024 ** 2])(
  'a line of 10 MB is one fault (chunks of %i)',
  async (cut) => {
    const body = `{"a":1}\n{"a":"${'x'.repeat(10_000_000)}"}\n{"b":2}`
    const { rows } = await collectRows('ndjson', body, { cut })
    expect(rows.map(([line, text, what]) => [line, text.length, what])).toEqual([
      [1, 7, { a: 1 }],
      [2, 65_536, ['has more than 64 KiB']],
      [3, 7, { b: 2 }],
    ])
  },
)

test('a row that nests as deep as its bytes allow is read', async () => {
  const deep = '['.repeat(32_000) + ']'.repeat(32_000)
  const [row, next] = await said('ndjson', `${deep}\n{"a":":"}`)
  expect([row?.[0], Array.isArray(row?.[1]), next]).toEqual([1, true, [2, { a: ':' }]])
})
