import { readFileSync } from 'node:fs'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { authorization, password, startService } from './start-service.ts'

leakGuard()

const token = 'a-token-of-the-settings-which-is-long-enough'

test('ADMIN_TOKEN is the administrator, and neither it nor the password reaches a child', async () => {
  const environment = { ADMIN_TOKEN: token }
  await using service = await startService({ environment })
  const self = async (headers: Record<string, string>) =>
    (await service.call('/v1/accounts/self', { headers })).json() as Promise<object>
  const administrator = await self({ authorization })
  expect(await self({ authorization: `Bearer ${token}` })).toEqual({
    ...administrator,
    kind: 'token',
  })
  const pids = service.pids('apps/')
  expect(pids.length).toBeGreaterThanOrEqual(3)
  for (const pid of pids) {
    const given = readFileSync(`/proc/${pid}/environ`, 'utf8')
    expect(given).toContain('REDIS_URL=')
    expect(given).not.toContain(token)
    expect(given).not.toContain(password)
  }
  expect(service.output()).not.toContain(token)
})
