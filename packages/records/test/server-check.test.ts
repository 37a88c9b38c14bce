import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { checkServer } from '../src/index.ts'
import { type Records, startRecords } from './start-records.ts'

leakGuard()
let records: Records
beforeAll(async () => {
  records = await startRecords()
})
afterAll(() => records.stop())

/** Sets the server up in another way for one test. */
async function configure(settings: Record<string, string>): Promise<void> {
  const { redis } = records
  for (const [name, value] of Object.entries(settings)) {
    const [, before = ''] = (await redis.config('GET', name)) as string[]
    await redis.config('SET', name, value)
    onTestFinished(async () => {
      await redis.config('SET', name, before)
      // Redis does not end while it writes its first append-only file.
      await expect
        .poll(() => redis.info('persistence'))
        .toMatch(/aof_rewrite_in_progress:0\s+aof_rewrite_scheduled:0/)
    })
  }
}

test('the server of these tests has no fault', async () => {
  const { server, refused, warnings } = await checkServer(records.redis)
  expect(server).toMatch(/^(Redis|Valkey) \d+\.\d+\.\d+$/)
  expect({ refused, warnings }).toEqual({ refused: [], warnings: [] })
})

test('a server without an append-only file is refused, with the reason and the remedy', async () => {
  await configure({ appendonly: 'no' })
  const { refused, warnings } = await checkServer(records.redis)
  expect(refused).toEqual([expect.stringMatching(/^appendonly is no: .*Set it to yes\.$/)])
  expect(warnings).toEqual([])
})

test.each(['allkeys-lru', 'volatile-ttl'])(
  'a server that evicts by %s is refused',
  async (policy) => {
    await configure({ 'maxmemory-policy': policy })
    const { refused } = await checkServer(records.redis)
    expect(refused).toEqual([expect.stringContaining(`maxmemory-policy is ${policy}`)])
  },
)

test('what costs memory, or data in a power cut only, is warned of', async () => {
  await configure({ maxmemory: '0', appendfsync: 'no', 'hash-max-listpack-value': '64' })
  const { refused, warnings } = await checkServer(records.redis)
  expect(refused).toEqual([])
  expect(warnings).toEqual([
    expect.stringContaining('maxmemory is not set'),
    expect.stringContaining('appendfsync is no'),
    expect.stringContaining('hash-max-listpack-value is 64'),
  ])
})

test('all faults are told at once', async () => {
  await configure({ appendonly: 'no', 'maxmemory-policy': 'allkeys-random' })
  expect((await checkServer(records.redis)).refused).toHaveLength(2)
})

test('where CONFIG is not allowed the operator is told what to check by hand', async () => {
  const { redis } = records
  await redis.acl('SETUSER', 'plain', 'on', '>word', '~*', '&*', '+@all', '-config')
  onTestFinished(async () => {
    await redis.acl('DELUSER', 'plain')
  })
  const plain = redis.duplicate({ username: 'plain', password: 'word' })
  const { refused, warnings } = await checkServer(plain)
  plain.disconnect()
  expect(refused).toEqual([])
  expect(warnings).toEqual([expect.stringContaining('CONFIG GET is not allowed')])
})

/** A server of another version: only what it says of itself is made up. */
const saying = (info: string) =>
  new Proxy(records.redis, {
    get: (redis, name) =>
      name === 'info' ? async () => info : Reflect.get(redis, name).bind(redis),
  }) as Redis

test.each([
  ['redis_version:6.2.14', 'Redis 6.2.14 is too old'],
  ['redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:7.1.9', 'Valkey 7.1.9 is too old'],
  ['dragonfly', 'A server that does not say its version is too old'],
])('a server that says %j is refused', async (info, reason) => {
  const { refused } = await checkServer(saying(info))
  expect(refused).toEqual([expect.stringContaining(reason)])
})

test.each([
  ['redis_version:7.0.15', 'Redis 7.0.15'],
  ['redis_version:10.0.0', 'Redis 10.0.0'],
  ['redis_version:7.2.4\r\nvalkey_version:8.1.0', 'Valkey 8.1.0'],
])('a server that says %j is welcome', async (info, server) => {
  expect(await checkServer(saying(info))).toEqual({ server, refused: [], warnings: [] })
})
