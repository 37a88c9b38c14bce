import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { authorization, password } from '../start-service.ts'
import { adminToken, service } from './service.ts'

test('ADMIN_TOKEN is the administrator, and neither it nor the password reaches a child', async () => {
  const self = async (headers: Record<string, string>) =>
    (await service.call('/v1/accounts/self', { headers })).json() as Promise<object>
  const administrator = await self({ authorization })
  expect(await self({ authorization: `Bearer ${adminToken}` })).toEqual({
    ...administrator,
    kind: 'token',
  })
  const pids = service.pids('apps/')
  expect(pids.length).toBeGreaterThanOrEqual(3)
  for (const pid of pids) {
    const given = readFileSync(`/proc/${pid}/environ`, 'utf8')
    expect(given).toContain('REDIS_URL=')
    expect(given).not.toContain(adminToken)
    expect(given).not.toContain(password)
  }
  expect(service.output()).not.toContain(adminToken)
})
