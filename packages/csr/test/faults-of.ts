import { expect } from 'vitest'
import { parseSpec, type SpecDefaults } from '../src/index.ts'

/** The faults of an input; none where it is a spec. */
export function faultsOf(input: unknown, defaults?: SpecDefaults) {
  const result = parseSpec(input, defaults)
  return result.ok ? [] : result.faults
}

/** Their places. */
export const pointersOf = (input: unknown, defaults?: SpecDefaults): string[] =>
  faultsOf(input, defaults).map(({ pointer }) => pointer)

/** A fault whose words are not all given. */
export const fault = (pointer: string, detail: RegExp) => ({
  pointer,
  detail: expect.stringMatching(detail),
})
