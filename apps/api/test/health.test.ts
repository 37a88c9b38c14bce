import { expect, test } from 'vitest'
import { ask } from './dialects/native/native-calls.ts'
import { withApi } from './with-api.ts'

const api = withApi()

type Readiness = { checks: Record<string, boolean>; workers: number; reason?: string }

async function readiness() {
  const { status, headers, body } = await ask<Readiness>(api, '/readyz')
  return { status, retryAfter: headers.get('retry-after'), ...body }
}

test('without a master key it is not ready, and says what to do', async () => {
  expect(await readiness()).toMatchObject({
    ...{ status: 503, retryAfter: '2', checks: { redis: true, writes: true, vault: false } },
    reason: expect.stringContaining('Start one'),
  })
  await api.redis.hset('vault:masters', 'current', 'test')
  const { reason, ...ready } = await readiness()
  expect(ready).toMatchObject({ status: 200, retryAfter: null, checks: { vault: true } })
  expect(reason).toBeUndefined()
})

test.each([
  ['is a replica', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  [
    'lacks replicas',
    ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
    ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
  ],
  ['is full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
] as const)(
  'while Redis %s it is not ready, says what to do, and is ready when Redis takes writes again',
  async (_, [refuse, ...refusing], [take, ...taking]) => {
    await api.redis.call(refuse, ...refusing)
    const refused = await readiness()
    await api.redis.call(take, ...taking)
    expect(refused).toMatchObject({
      ...{ status: 503, retryAfter: '2' },
      checks: { redis: true, writes: false, vault: true, accepting: true },
      reason: expect.stringMatching(/^Redis refuses to write, as its? .*\. [A-Z]/),
    })
    expect((await readiness()).status).toBe(200)
  },
)

test('to ask changes nothing in Redis', async () => {
  const changes = async () =>
    /^rdb_changes_since_last_save:(\d+)/m.exec(await api.redis.info('persistence'))?.[1]
  const before = await changes()
  await readiness()
  expect(await changes()).toBe(before)
})
