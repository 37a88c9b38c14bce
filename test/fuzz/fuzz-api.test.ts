import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, it } from 'vitest'
import { runApiFuzz } from './api/run-api-fuzz.ts'

leakGuard()

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)

it(`1,000 hostile calls are answered as the dialects say, and nothing dies of them (FUZZ_SEED=${seed})`, async () => {
  const { faults, ailments } = await runApiFuzz({ count: 1_000, seed })
  expect(
    faults
      .slice(0, 5)
      .map(({ what, call }) => ({ what, call: JSON.stringify(call).slice(0, 600) })),
  ).toEqual([])
  expect(ailments).toEqual([])
})
