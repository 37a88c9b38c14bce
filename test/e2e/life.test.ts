/**
 * A healthy service, which all themes share: those that make requests have a tenant each, for ids and lists of their own.
 * `-t` runs one theme.
 */
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, describe } from 'vitest'
import { service, start } from './life/service.ts'

leakGuard()

beforeAll(start)
afterAll(() => service?.[Symbol.asyncDispose]())

describe('a batch that is cut off', async () => {
  const { cutOff } = await import('./life/cut-off-batch.ts')
  cutOff()
})
describe('the administrator', async () => {
  await import('./life/administrator.ts')
})
describe('csrctl', async () => {
  await import('./life/csrctl.ts')
})
describe("Lenovo's API", async () => {
  await import('./life/lxca.ts')
})
describe('the native API', async () => {
  await import('./life/native.ts')
})
describe("the vendors' own clients", async () => {
  await import('./life/vendor-clients.ts')
})
describe('uploads', async () => {
  await import('./life/uploads.ts')
})
describe('calls that are sent again', async () => {
  await import('./life/idempotency.ts')
})
describe('exports', async () => {
  await import('./life/exports.ts')
})
describe('batches', async () => {
  await import('./life/batches.ts')
})
describe('the API process', async () => {
  await import('./life/api-process.ts')
})
describe('the batch that was cut off', async () => {
  const { goOn } = await import('./life/cut-off-batch.ts')
  goOn()
})
// Last: it searches all that the others left.
describe('secrets', async () => {
  await import('./life/secrets.ts')
})
