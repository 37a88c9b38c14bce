import { join } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Surroundings, startSurroundings } from './start-surroundings.ts'

/**
 * Surroundings for all tests of a file: each test finds Redis empty, and has a folder of its own that is not made yet. Call it
 * before all other hooks.
 */
export function withEmptySurroundings(
  prepare: (surroundings: Surroundings, ownFolder: string) => void,
): void {
  leakGuard()
  let surroundings: Surroundings
  let tests = 0
  beforeAll(async () => {
    surroundings = await startSurroundings()
  })
  afterAll(() => surroundings.stop())
  beforeEach(async () => {
    await surroundings.redis.flushall()
    prepare(surroundings, join(surroundings.folder, `${++tests}`))
  })
}
