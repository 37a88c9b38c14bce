import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  type ConnectionPurpose,
  connected,
  connectRedis,
  createRequests,
  redisTrouble,
  shardTag,
  startLot,
} from '../src/index.ts'
import { aSpec, create, newTenant } from './make-requests.ts'
import { type Records, startRecords } from './start-records.ts'

leakGuard()
let records: Records
beforeAll(async () => {
  records = await startRecords()
})
afterAll(() => records.stop())

const nowhere = 'redis://127.0.0.1:1'
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

async function connect(purpose: ConnectionPurpose, url = records.server.url) {
  const errors: Error[] = []
  const redis = connectRedis(url, purpose, { onError: (error) => errors.push(error) })
  onTestFinished(() => redis.disconnect())
  if (url !== nowhere) await connected(redis, 5_000)
  return { redis, errors }
}

test('a refused connection is "away", at once, and does not end the process', async () => {
  const { redis, errors } = await connect('request', nowhere)
  const started = Date.now()
  const error = await failureOf(redis.get('x'))
  expect(Date.now() - started).toBeLessThan(1_500)
  expect(redisTrouble(error)).toBe('away')
  await expect(connected(redis, 300)).rejects.toThrow(/did not answer within 300 ms/)
  expect(errors[0]).toMatchObject({ code: 'ECONNREFUSED' })
  expect(errors.map(redisTrouble)).toEqual(errors.map(() => 'away'))
})

test('what a call had under way when its connection was cut is "away" after two seconds, and not sent again', async () => {
  const { redis } = await connect('request')
  const id = await redis.client('ID')
  const place = newTenant()
  // Redis reads nothing of it before the connection is cut.
  await redis.client('PAUSE', 300, 'WRITE')
  const pending = failureOf(
    createRequests(redis, place, { requests: [{ spec: aSpec() }], lane: 'fast', priority: 0 }),
  )
  await records.redis.client('KILL', 'ID', id)
  const error = await pending
  expect(error).toMatchObject({ message: 'Command timed out' })
  expect(redisTrouble(error)).toBe('away')
  expect((await create(records.redis, place)).ids).toEqual(['1'])
})

test('a pipeline that was cut half way through is "away"', async () => {
  const { redis } = await connect('work')
  const id = await redis.client('ID')
  const pending = redis.pipeline().ping().blpop('nothing', 0).exec()
  await expect.poll(() => records.redis.info('clients')).toContain('blocked_clients:1')
  await records.redis.client('KILL', 'ID', id)
  const [, [error] = []] = (await pending) ?? []
  expect(error?.message).toMatch(/aborted/)
  expect(redisTrouble(error)).toBe('away')
})

test('a connection for work waits for Redis to come back, however long it is cut', async () => {
  const { redis } = await connect('work')
  const id = await redis.client('ID')
  const pending = redis.blpop('list', 5)
  await records.redis.client('KILL', 'ID', id)
  await records.redis.rpush('list', 'value')
  expect(await pending).toEqual(['list', 'value'])
})

test('a closed connection is "away"', async () => {
  const { redis } = await connect('work')
  redis.disconnect()
  expect(redisTrouble(await failureOf(redis.get('x')))).toBe('away')
})

test('a full Redis is "full", for scripts and for plain commands', async () => {
  const { redis } = await connect('request')
  await redis.config('SET', 'maxmemory', 1)
  const run = { shard: shardTag(0), lot: '1', take: 'one' }
  const errors = [await failureOf(startLot(redis, run)), await failureOf(redis.set('x', 'y'))]
  await redis.config('SET', 'maxmemory', 0)
  expect(errors.map(redisTrouble)).toEqual(['full', 'full'])
})

test('a Redis that has become a replica is "away": the new primary is on its way', async () => {
  const { redis } = await connect('request')
  await redis.replicaof('127.0.0.1', '1')
  const error = await failureOf(create(redis, newTenant()))
  await redis.replicaof('NO', 'ONE')
  expect(redisTrouble(error)).toBe('away')
})

test('a transaction that was refused is what its commands are', async () => {
  const { redis } = await connect('request')
  const transaction = () => failureOf(redis.multi().set('x', 'y').set('x', 'z').exec())
  await redis.config('SET', 'maxmemory', 1)
  const full = await transaction()
  await redis.config('SET', 'maxmemory', 0, 'min-replicas-to-write', 1)
  const away = await transaction()
  await redis.config('SET', 'min-replicas-to-write', 0)
  const bug = await failureOf(redis.multi().call('NOSUCHCOMMAND').exec())
  for (const error of [full, away, bug]) expect(String(error)).toContain('EXECABORT')
  expect([full, away, bug].map(redisTrouble)).toEqual(['full', 'away', undefined])
})

test('a bug is no trouble of Redis', async () => {
  const { redis } = await connect('request')
  await redis.set('text', 'x')
  const errors = [
    await failureOf(redis.hgetall('text')),
    await failureOf(redis.call('NOSUCHCOMMAND')),
    new TypeError('x is not a function'),
    'ECONNREFUSED',
    undefined,
  ]
  expect(errors.map(redisTrouble)).toEqual(errors.map(() => undefined))
})
