import { keyAlgorithmNames } from '@csr-foundry/csr'
import { expect, test } from 'vitest'
import { laneOf } from '../src/index.ts'
import { jobIdOf, lotOf } from '../src/lanes.ts'

test('RSA, which takes long to generate, never stands before what is quick', () => {
  const slow = keyAlgorithmNames.filter((name) => laneOf(name) === 'slow')
  expect(slow).toEqual(keyAlgorithmNames.filter((name) => name.startsWith('rsa')))
})

test('a job id names its lot, in a form that BullMQ takes', () => {
  expect(lotOf(jobIdOf('42'))).toBe('42')
  expect(jobIdOf('42')).not.toMatch(/:|^\d+$/)
})
