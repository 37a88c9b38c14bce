import { expect, test } from 'vitest'
import { SeenRefs } from '../../src/batch-input/seen-refs.ts'

test('a ref that repeats is told with the line of the first, also among very many', () => {
  const refs = new SeenRefs()
  const lines = Array.from({ length: 50_000 }, (_, i) => i + 1)
  expect(lines.filter((line) => refs.lineOf(`rack-${line}`, line) !== undefined)).toEqual([])
  expect(refs.lineOf('rack-1', 60_000)).toBe(1)
  expect(refs.lineOf('rack-49999', 60_001)).toBe(49_999)
  expect(refs.lineOf('RACK-1', 60_002)).toBeUndefined()
  expect(refs.lineOf('RACK-1', 60_003)).toBe(60_002)
})
