import {
  completeLot,
  installationKeys,
  type Retention,
  readRequest,
  shardTags,
  startLot,
  tenantKeys,
} from '@csr-foundry/records'
import { beforeEach, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { Expiry } from '../src/expiry.ts'
import { p256, place } from './start-worker-context.ts'
import { withWorkerContext } from './with-worker-context.ts'

const worker = withWorkerContext()
const day = 24 * 60 * 60 * 1_000

const { counts, retention: progress, request } = tenantKeys(place.shard, place.tenant)
beforeEach(async () => {
  const { redis } = worker
  await redis.flushall()
  await redis.hset(installationKeys.tenant(place.tenant), 'shard', 0)
  await redis.sadd(installationKeys.tenants, place.tenant)
})

const newExpiry = (rule: Partial<Retention> = {}) =>
  new Expiry({
    ...{ redis: worker.redis, log: worker.context.log, shards: shardTags(2) },
    retention: { days: 7, keys: 'delete', ...rule },
  })

/** So many ready requests, as old as that. */
async function makeReady(count: number, age: number): Promise<string[]> {
  const { redis } = worker
  const { lot, ids } = await worker.record(...Array.from({ length: count }, () => p256))
  const run = { shard: place.shard, lot, take: lot }
  await startLot(redis, run)
  const [algorithm, custody, bytes] = ['ecdsa-p256', 'internal', Buffer.from('x')] as const
  const key = { algorithm, custody, csr: bytes, spki: bytes, sealed: bytes }
  const results = ids.map((id) => ({ id, state: 'ready' as const, ...key }))
  await completeLot(redis, run, place.tenant, results)
  for (const id of ids) {
    for (const field of ['created', 'finished']) await redis.hincrby(request(id), field, -age)
  }
  return ids
}

const ready = async () => Number(await worker.redis.hget(counts, 'ready'))

test('what is older than RETENTION_DAYS goes in rounds, and the log says how much went', async () => {
  await makeReady(120, 7 * day + 1_000)
  const [young = ''] = await makeReady(1, 6 * day)
  const expiry = newExpiry()
  await expiry.round()
  expect(await ready()).toBe(1)
  expect(await readRequest(worker.redis, place, young)).toMatchObject({ state: 'ready' })
  const line = worker.logged().trim().split('\n').at(-1) ?? ''
  expect(JSON.parse(line)).toMatchObject({
    msg: 'removed after RETENTION_DAYS',
    ...{ tenant: 'default', requests: 120, keys: 120, batches: 0 },
  })
})

test('a pass begins once an hour, and goes on in the next round where one was not enough', async () => {
  const { redis } = worker
  await makeReady(1, 8 * day)
  // More ids than a round looks at, of which nothing is left.
  await redis.hset(tenantKeys(place.shard, place.tenant).nextId, 'next', '60001')
  const [last = ''] = await makeReady(1, 8 * day)
  const expiry = newExpiry()
  await expiry.round()
  expect(await ready()).toBe(1)
  await expiry.round()
  expect(await readRequest(redis, place, last)).toBeUndefined()
  await makeReady(1, 8 * day)
  await expiry.round()
  expect(await ready()).toBe(1)
  await redis.del(`${place.shard}:retention:lease`)
  await newExpiry().round()
  expect(await ready()).toBe(0)
})

test('of two supervisors one does it, and the other goes on where it ended', async () => {
  const { redis } = worker
  await makeReady(120, 8 * day)
  const [one, two] = [newExpiry(), newExpiry()]
  await redis.set(`${place.shard}:retention:lease`, 'a third')
  await Promise.all([one.round(), two.round()])
  expect(await ready()).toBe(120)
  await redis.del(`${place.shard}:retention:lease`)
  await Promise.all([one.round(), two.round()])
  expect(await ready()).toBe(0)
  await makeReady(5, 8 * day)
  await redis.del(`${place.shard}:retention:lease`)
  expect(await redis.hget(progress, 'next')).toBe('121')
  const three = newExpiry()
  await three.round()
  expect(await ready()).toBe(0)
})

test('what goes wrong in a round is told of, and the next one goes on', async () => {
  const { redis } = worker
  await makeReady(1, 8 * day)
  await redis.hset(progress, 'next', 'not a number')
  const expiry = newExpiry()
  await expiry.round()
  expect(worker.logged()).toContain('retention failed; the next round tries again')
  expect(await ready()).toBe(1)
  await redis.del(progress)
  await expiry.round()
  expect(await ready()).toBe(0)
  expiry.start()
  await expiry.stop()
})

test('a rule is whole days from 1, and keys are kept unless they are to be deleted', () => {
  const given = (environment: NodeJS.ProcessEnv) =>
    readConfig({ REDIS_URL: 'redis://localhost', ...environment })
  expect(given({}).retention).toBeUndefined()
  expect(given({ RETENTION_DAYS: '' }).retention).toBeUndefined()
  expect(given({ RETENTION_DAYS: '30' }).retention).toEqual({ days: 30, keys: 'keep' })
  expect(given({ RETENTION_DAYS: '1', RETENTION_KEYS: 'delete' }).retention).toEqual({
    ...{ days: 1, keys: 'delete' },
  })
  expect(() => given({ RETENTION_DAYS: '0', RETENTION_KEYS: 'never' })).toThrow(
    /RETENTION_DAYS: must be a whole number from 1 to 36500\n.*RETENTION_KEYS: must be keep or delete/,
  )
})
