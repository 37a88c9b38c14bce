import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { shardTag } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { DataKeys } from '../src/data-keys.ts'
import type { MasterKeys } from '../src/master-keys.ts'
import { openMasterKey } from '../src/open-master-key.ts'
import { type Surroundings, startSurroundings } from './start-surroundings.ts'

leakGuard()
const [shard, otherShard] = [shardTag(0), shardTag(1)]
let surroundings: Surroundings
let master: MasterKeys
beforeAll(async () => {
  surroundings = await startSurroundings()
  master = await openMasterKey(surroundings.redis, join(surroundings.folder, 'master.key'))
})
afterAll(() => surroundings.stop())
beforeEach(() => surroundings.redis.flushall())

const storedKeys = () => surroundings.redis.keys('*:vault:datakey:*')

test('a data key is in Redis, wrapped, before it is handed out', async () => {
  const { redis } = surroundings
  const keys = new DataKeys(redis, master)
  const { id, key } = await keys.current(shard)
  const stored = await redis.hgetallBuffer(`${shard}:vault:datakey:${id}`)
  expect(stored.master?.toString()).toBe(master.ids[0])
  expect(stored.algorithm?.toString()).toBe('A256GCM')
  expect(stored.wrapped).toHaveLength(12 + 32 + 16)
  expect(stored.wrapped?.includes(key.export())).toBe(false)
})

test('without Redis no data key is handed out', async () => {
  const { redis, server } = surroundings
  await redis.config('SET', 'maxmemory', 1)
  onTestFinished(async () => {
    await redis.config('SET', 'maxmemory', 0)
  })
  const keys = new DataKeys(server.client(), master)
  await expect(keys.current(shard)).rejects.toThrow(/^OOM/)
  await redis.config('SET', 'maxmemory', 0)
  expect((await keys.current(shard)).key.symmetricKeySize).toBe(32)
})

test('a process seals with one data key for each shard, however many seals begin at once', async () => {
  const keys = new DataKeys(surroundings.redis, master)
  const shards = [shard, otherShard, shard, shard, otherShard, shard]
  const used = await Promise.all(shards.map((one) => keys.current(one)))
  expect(new Set(used.map(({ id }) => id)).size).toBe(2)
  expect(await storedKeys()).toHaveLength(2)
  expect((await keys.current(shard)).id).toBe(used[0]?.id)
})

test('a data key is retired after a day, also when many ask at that moment', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const keys = new DataKeys(surroundings.redis, master)
  const { id } = await keys.current(shard)
  vi.setSystemTime(Date.now() + 23 * 60 * 60 * 1_000)
  expect((await keys.current(shard)).id).toBe(id)
  vi.setSystemTime(Date.now() + 2 * 60 * 60 * 1_000)
  const next = await Promise.all([1, 2, 3, 4].map(() => keys.current(shard)))
  expect(new Set(next.map((key) => key.id)).size).toBe(1)
  expect(next[0]?.id).not.toBe(id)
  expect(await keys.find(shard, id)).toMatchObject({ id })
})

test('a data key is retired after a million seals', async () => {
  const keys = new DataKeys(surroundings.redis, master)
  const { id } = await keys.current(shard)
  for (let i = 1; i < 1_000_000; i++) {
    const current = await keys.current(shard)
    if (current.id !== id) throw new Error(`It was retired after ${i} seals.`)
  }
  expect((await keys.current(shard)).id).not.toBe(id)
})

test('a data key opens in its own shard and under its own id only', async () => {
  const { redis } = surroundings
  const { id, key } = await new DataKeys(redis, master).current(shard)
  const fresh = () => new DataKeys(redis, master)
  expect(await fresh().find(shard, id)).toEqual({ id, key })
  await expect(fresh().find(otherShard, id)).rejects.toMatchObject({ code: 'data_key_unknown' })
  await redis.copy(`${shard}:vault:datakey:${id}`, `${otherShard}:vault:datakey:${id}`)
  await redis.copy(`${shard}:vault:datakey:${id}`, `${shard}:vault:datakey:other`)
  await expect(fresh().find(otherShard, id)).rejects.toMatchObject({ code: 'sealed_damaged' })
  await expect(fresh().find(shard, 'other')).rejects.toMatchObject({ code: 'sealed_damaged' })
})

test('a data key that was wrapped anew, or by nobody, does not pass for one', async () => {
  const { redis } = surroundings
  const { id } = await new DataKeys(redis, master).current(shard)
  await redis.hset(`${shard}:vault:datakey:${id}`, 'wrapped', randomBytes(60))
  const found = new DataKeys(redis, master).find(shard, id)
  await expect(found).rejects.toMatchObject({ code: 'sealed_damaged' })
})
