import type { RequestListView, RequestView } from '@csr-foundry/native-api'
import { howMany, inWords } from '@csr-foundry/testing/how-many'
import { beforeAll, expect, test } from 'vitest'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { startProbedApi } from '../start-probed-api.ts'
import { jsonInit } from '../start-service.ts'
import { service } from './service.ts'

let tenant: Tenant
beforeAll(async () => {
  tenant = await makeTenant(service, 'idempotency')
})

const listed = async <View>(path: string) => (await (await tenant.call(path)).json()) as View

const count = howMany(150, 1_000)

test(`${inWords(count)} calls at once with one Idempotency-Key, and the API killed under them: one request, one key, one answer`, async () => {
  const spec = { subject: { commonName: 'once.example.com' } }
  const init = jsonInit('POST', spec)
  const headers = { ...init.headers, authorization: tenant.authorization, 'idempotency-key': 'one' }
  const send = (url: string) => fetch(`${url}/v1/requests`, { ...init, headers })

  const ids = new Set<string>()
  let broken = 0
  {
    await using api = await startProbedApi(service)
    const calls = Array.from({ length: count }, async () => {
      try {
        const response = await send(api.url)
        expect(response.status).toBe(202)
        ids.add(((await response.json()) as RequestView).id)
      } catch {
        broken += 1
      }
      // Some were answered, the others never will be.
      if (ids.size > 0) api.process.kill('SIGKILL')
    })
    await Promise.all(calls)
  }
  expect(broken).toBeGreaterThan(0)

  // Another process, which knows nothing of the calls but what is in Redis.
  const answers = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const waiting = { ...headers, prefer: 'wait=20' }
      const response = await fetch(`${service.url}/v1/requests`, { ...init, headers: waiting })
      expect(response.status).toBe(201)
      return await response.text()
    }),
  )
  expect(new Set(answers).size).toBe(1)
  const [answer = ''] = answers
  expect([...ids]).toEqual([(JSON.parse(answer) as RequestView).id])
  expect((await listed<RequestListView>('/v1/requests')).requests).toHaveLength(1)
  expect((await listed<{ keys: object[] }>('/v1/keys')).keys).toHaveLength(1)
})
