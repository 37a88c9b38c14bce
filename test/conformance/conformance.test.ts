import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkCsrs, type ReadyReader } from './check-csrs.ts'
import { describeDisagreements } from './describe-disagreements.ts'
import { csrMaker, specsOf } from './make-csrs.ts'
import { readyReaders, stopReaders } from './ready-readers.ts'

const count = Number(process.env.CONFORMANCE_COUNT ?? 100)
const seed = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 1_000_000)

let readers: ReadyReader[] = []

beforeAll(async () => {
  readers = await readyReaders()
})
afterAll(() => stopReaders(readers))

it(`every reader reads what was asked for, in ${count} CSRs (CONFORMANCE_SEED=${seed})`, {
  timeout: 300_000,
}, async () => {
  const make = csrMaker()
  const specs = await specsOf(seed, count)
  const csrs = []
  for (const spec of specs) csrs.push(await make(spec))
  expect(describeDisagreements(await checkCsrs(csrs, readers))).toEqual([])
})
