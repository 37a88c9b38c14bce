import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll } from 'vitest'
import { startWorkerContext, type WorkerContext } from './start-worker-context.ts'

/** What a worker works with, for all tests of a file, there from the first of them on. Call it before all other hooks. */
export function withWorkerContext(): WorkerContext {
  leakGuard()
  const worker = {} as WorkerContext
  beforeAll(async () => {
    Object.assign(worker, await startWorkerContext())
  })
  afterAll(() => worker[Symbol.asyncDispose]())
  return worker
}
