import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Records, startRecords } from './start-records.ts'

/**
 * Records for all tests of a file: each test finds them empty, but for what `prepare` has put there. Call it before all other
 * hooks.
 */
export function withEmptyRecords(prepare: (records: Records) => void | Promise<void>): void {
  leakGuard()
  let records: Records
  beforeAll(async () => {
    records = await startRecords()
  })
  afterAll(() => records.stop())
  beforeEach(async () => {
    await records.redis.flushall()
    await prepare(records)
  })
}
