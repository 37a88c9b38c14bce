/** The vendors' own clients, unmodified, over HTTP; over HTTPS they are in ../https.test.ts. */
import { beforeAll, expect, test } from 'vitest'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { jsonInit } from '../start-service.ts'
import { liveWithFastlyClient } from '../vendors/fastly-client.ts'
import { liveWithLxcaSession } from '../vendors/lxca-session.ts'
import { service } from './service.ts'

let tenant: Tenant
beforeAll(async () => {
  tenant = await makeTenant(service, 'vendors')
  expect(service.url).toMatch(/^http:/)
})

// First: it sees what is in the lists.
test("Lenovo's Python client has a session", () => liveWithLxcaSession(service.url, tenant.login))

test("Fastly's npm package does the whole life of a key and of a CSR", async () => {
  const roles = ['submit', 'read', 'export', 'audit', 'admin']
  const body = { name: 'fastly', roles }
  const response = await tenant.call('/v1/accounts/tokens', jsonInit('POST', body))
  const { token } = (await response.json()) as { token: string }
  await liveWithFastlyClient(service.url, token)
})
