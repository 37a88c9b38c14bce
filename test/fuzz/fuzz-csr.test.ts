import { expect, it } from 'vitest'
import { fuzzCsr } from './fuzz-csr.ts'

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)

it(`hostile bytes make no other errors than the package's own, and take no time (FUZZ_SEED=${seed})`, async () => {
  const { faults } = await fuzzCsr(1500, seed)
  expect(faults.map(({ target, kind, what }) => `${target}, ${kind}: ${what}`)).toEqual([])
})
