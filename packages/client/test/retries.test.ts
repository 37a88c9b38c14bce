import { expect, test } from 'vitest'
import { pauseBefore } from '../src/retries.ts'

test('pauses double up to 8 s, and no two callers need have the same', () => {
  const longest = [1, 2, 3, 4, 5, 6, 20].map((attempt) => pauseBefore(attempt, undefined, () => 1))
  expect(longest).toEqual([0.25, 0.5, 1, 2, 4, 8, 8])
  expect(pauseBefore(3, undefined, () => 0)).toBe(0.5)
})

test('a pause that the service asks for is kept, and spread upwards only', () => {
  expect(pauseBefore(1, 7, () => 0)).toBe(7)
  expect(pauseBefore(1, 7, () => 1)).toBe(7.125)
  expect(pauseBefore(3, 0, () => 0)).toBe(0.5)
})
