import type { Spec } from '@csr-foundry/csr'
import { LotQueues, laneOf } from '@csr-foundry/queue'
import { createRequests, shardTags } from '@csr-foundry/records'
import { startRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { expect, test } from 'vitest'
import { csrOf, lookInto, openKeyOf, opensslText, place } from './look.ts'
import { jsonInit, startService } from './start-service.ts'

leakGuard()

const p256: Spec = {
  subject: [[{ type: 'CN', value: 'fast.example.com' }]],
  subjectAltNames: [{ type: 'dns', value: 'fast.example.com' }],
  key: { algorithm: 'ecdsa-p256', digest: 'sha256' },
  custody: 'internal',
}

test('a P-256 request on the fast lane does not wait behind RSA keys, and several travel in one lot', async () => {
  await using server = await startRedis()
  await using service = await startService({ environment: { REDIS_URL: server.url } })
  await using redis = await lookInto(server.url)
  await service.call('/certificatePolicy', jsonInit('PUT', { specName: 'CNSA' }))
  await Promise.all(Array.from({ length: 30 }, () => service.create({})))

  const queues = new LotQueues(redis, shardTags(1), () => {})
  const lane = laneOf(p256.key.algorithm)
  expect(lane).toBe('fast')
  const specs = Array.from({ length: 20 }, () => p256)
  const { firstId, ticket } = await createRequests(redis, place, {
    requests: specs.map((spec) => ({ spec })),
    lane,
    priority: 0,
  })
  await queues.add(ticket)
  const last = String(Number(firstId) + 19)
  const pem = await csrOf(service, last)
  const slowStillQueued = Number(await redis.hget('{s10}:t:default:counts', 'queued'))
  expect(slowStillQueued).toBeGreaterThan(10)
  expect(opensslText(pem)).toContain('Signature Algorithm: ecdsa-with-SHA256')
  for (const path of [firstId, last]) {
    await openKeyOf(redis, `${service.dataDir}/keys/master.key`, path, await csrOf(service, path))
  }
  await queues.close()
})
