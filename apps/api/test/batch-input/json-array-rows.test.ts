import { expect, test } from 'vitest'
import { collectRows, said } from './collect-rows.ts'

test('the elements of an array are rows, with their own bytes', async () => {
  const { rows } = await collectRows(
    'json',
    ' [ {"a":"]},{"} ,\n[1,[2]],"x\\"]",-1.5e3 , null,true\r\n]\n',
  )
  expect(rows).toEqual([
    [1, '{"a":"]},{"}', { a: ']},{' }],
    [2, '[1,[2]]', [1, [2]]],
    [3, '"x\\"]"', 'x"]'],
    [4, '-1.5e3', -1500],
    [5, 'null', null],
    [6, 'true', true],
  ])
  expect(await said('json', '[]')).toEqual([])
  expect(await said('json', '\ufeff[ ]')).toEqual([])
})

test.each([
  ['{"a":}', 'is not well-formed JSON'],
  ['{"a":1,}', 'is not JSON: it breaks at character 8'],
  ['{"a":1]', 'is not JSON: it breaks at character 7'],
  ['{"a":1,"a":1}', 'has an object that has the same name twice; each may be there once'],
  ['nope', 'is not well-formed JSON'],
  ['"a\nb"', 'is not JSON: it breaks at character 3'],
  ['01', 'is not JSON: it breaks at character 2'],
  ['\0', 'is not well-formed JSON'],
])('the element %j is reported and hurts no other', async (element, detail) => {
  expect(await said('json', `[{"a":1},${element},{"b":2}]`)).toEqual([
    [1, { a: 1 }],
    [2, [detail]],
    [3, { b: 2 }],
  ])
})

test.each([
  ['', 'is empty; an array is needed', 1, 0],
  ['{"a":1}', 'is not an array of specs; a spec on each line is application/x-ndjson', 1, 0],
  ['[1', 'ends before its array does', 1, 0],
  ['[1,2', 'ends before its array does', 2, 1],
  ['[1,{"a":"', 'ends before its array does', 2, 1],
  ['[1,{"a":[}', 'ends before its array does', 2, 1],
  ['[1,', 'ends before its array does', 2, 1],
  ['[1,2,]', 'has a comma without an element after it', 3, 2],
  ['[,1]', 'has a comma before its first element', 1, 0],
  ['[1,,2]', 'has a comma without an element after it', 2, 1],
  ['[1 2]', 'has something else than a comma or ] after an element', 1, 1],
  ['[1}', 'has something else than a comma or ] after an element', 1, 1],
  ['[1]]', 'goes on after its array', 1, 1],
  ['[1] [2]', 'goes on after its array', 1, 1],
])('%j ends the input', async (body, detail, line, count) => {
  const { rows, error } = await collectRows('json', body)
  expect([error?.code, error?.faults, error?.line]).toEqual([
    'json_broken',
    [{ pointer: '', detail }],
    line,
  ])
  expect(rows.length).toBe(count)
})

test('an element of 10 MB is one fault, whatever it is', async () => {
  const long = 'x'.repeat(10_000_000)
  for (const element of [
    `{"a":"${long}"}`,
    `"${long}"`,
    long,
    `[${'['.repeat(99_999)}${']'.repeat(100_000)}`,
  ]) {
    expect(await said('json', `[1,${element},2]`)).toEqual([
      [1, 1],
      [2, ['has more than 64 KiB']],
      [3, 2],
    ])
  }
})
