import { startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { csrOf, lookInto, opensslText } from './look.ts'
import { jsonInit, startService } from './start-service.ts'

leakGuard()

test('the whole life of a request works on a Redis in cluster mode', async () => {
  await using server = await startRedis({ cluster: true })
  await using service = await startService({ environment: { REDIS_URL: server.url, SHARDS: '4' } })
  await using redis = await lookInto(server.url)
  expect(await redis.cluster('INFO')).toContain('cluster_slots_assigned:16384')
  const paths = await Promise.all(Array.from({ length: 6 }, () => service.create({})))
  for (const path of paths) opensslText(await csrOf(service, path))
  expect(
    (await service.call('/certificatePolicy', jsonInit('PUT', { specName: 'CNSA' }))).status,
  ).toBe(200)
  for (const path of paths) {
    const deleted = await service.call(`/certificateSigningRequest/${path}`, { method: 'DELETE' })
    expect(deleted.status).toBe(200)
  }
  expect(await service.stop()).toBe(0)
  expect(service.output()).not.toMatch(/CROSSSLOT|"level":50/)
})
