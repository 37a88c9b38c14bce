import { expect, test } from 'vitest'
import { momentOf } from '../src/moment-of.ts'

test.each([0, 7, 59_999, 60_000, 1_795_341_234_567, 1_795_341_234_001, 253_402_300_799_999])(
  '%i is written as Date writes it',
  (milliseconds) => {
    expect(momentOf(milliseconds)).toBe(new Date(milliseconds).toISOString())
  },
)
