import { expect, it } from 'vitest'
import { fuzzCsr } from './fuzz-csr.ts'

// On a machine that does other things too; `npm run test:fuzz` is strict.
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)

it(`hostile bytes make no other errors than the package's own, and none takes long (FUZZ_SEED=${seed})`, async () => {
  const { faults } = await fuzzCsr({ count: 1500, seed, mostMs: 1000 })
  expect(faults.map(({ target, kind, what }) => `${target}, ${kind}: ${what}`)).toEqual([])
})
