import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll } from 'vitest'
import { startApi, type TestApi, type TestApiOptions } from './start-api.ts'

/** The application for all tests of a file, there from the first of them on. Call it before all other hooks. */
export function withApi(options?: TestApiOptions): TestApi {
  leakGuard()
  const api = {} as TestApi
  beforeAll(async () => {
    Object.assign(api, await startApi(options))
  })
  afterAll(() => api[Symbol.asyncDispose]())
  return api
}
