import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followCleanEnd, markCleanEnd, shardKeys, shardTags, tenantKeys } from '../src/index.ts'
import { create, newTenant } from './make-requests.ts'
import { startRecords } from './start-records.ts'

leakGuard()

const shards = shardTags(2)
const [first, second] = shards
let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'csr-foundry-records-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** One run of Redis on the data that the run before left; without a mark it ends as one that crashed. */
async function inRun<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
  await using records = await startRecords({ dataDir })
  await followCleanEnd(records.redis, shards)
  return await work(records.redis)
}

const idOf = async (redis: Redis, place: ReturnType<typeof newTenant>) =>
  (await create(redis, place)).ids[0]

test('the first create after a crash of Redis jumps over all ids that the run before may have given', async () => {
  const place = newTenant(first)
  const { nextId } = tenantKeys(place.shard, place.tenant)
  await inRun((redis) => create(redis, place, 3))
  await inRun(async (redis) => {
    expect(await idOf(redis, place)).toBe('100004')
    expect(await idOf(redis, place)).toBe('100005')
    expect(await redis.hgetall(nextId)).toMatchObject({ next: '100006', 'gap:4': '100003' })
  })
  await inRun(async (redis) => {
    expect(await idOf(redis, place)).toBe('200006')
    expect(await redis.hgetall(nextId)).toMatchObject({ 'gap:4': '100003', 'gap:100006': '200005' })
  })
})

test('after an end that was marked ids go on without a gap, in every shard', async () => {
  const places = shards.map((shard) => newTenant(shard))
  await inRun(async (redis) => {
    for (const place of places) expect(await idOf(redis, place)).toBe('1')
    await markCleanEnd(redis, shards)
  })
  await inRun(async (redis) => {
    for (const place of places) {
      expect(await idOf(redis, place)).toBe('2')
      const { nextId } = tenantKeys(place.shard, place.tenant)
      expect((await redis.hkeys(nextId)).sort()).toEqual(['next', 'run'])
    }
  })
})

test('a create after the mark makes it void, for all tenants of its shard', async () => {
  const [one, other, elsewhere] = [newTenant(first), newTenant(first), newTenant(second)]
  await inRun(async (redis) => {
    for (const place of [one, other, elsewhere]) await create(redis, place)
    await markCleanEnd(redis, shards)
    await create(redis, one)
  })
  await inRun(async (redis) => {
    expect(await idOf(redis, one)).toBe('100003')
    expect(await idOf(redis, other)).toBe('100002')
    expect(await idOf(redis, elsewhere)).toBe('2')
  })
})

test('after a crash a tenant that made nothing since the mark has a gap as well', async () => {
  const [busy, quiet] = [newTenant(first), newTenant(first)]
  await inRun(async (redis) => {
    for (const place of [busy, quiet]) await create(redis, place)
    await markCleanEnd(redis, shards)
  })
  await inRun(async (redis) => expect(await idOf(redis, busy)).toBe('2'))
  await inRun(async (redis) => {
    expect(await idOf(redis, busy)).toBe('100003')
    expect(await idOf(redis, quiet)).toBe('100002')
  })
})

test('many clean runs in which a tenant made nothing leave it no gap', async () => {
  const place = newTenant(first)
  await inRun(async (redis) => {
    await create(redis, place)
    await markCleanEnd(redis, shards)
  })
  for (let run = 0; run < 3; run++) await inRun((redis) => markCleanEnd(redis, shards))
  await inRun(async (redis) => expect(await idOf(redis, place)).toBe('2'))
})

test('ids of a run whose first writes a power cut took are not given again', async () => {
  const place = newTenant(first)
  await inRun(async (redis) => {
    expect(await idOf(redis, place)).toBe('1')
    await markCleanEnd(redis, shards)
  })
  const asOnDisk = `${dataDir}-as-on-disk`
  await inRun(async (redis) => {
    cpSync(dataDir, asOnDisk, { recursive: true })
    expect(await idOf(redis, place)).toBe('2')
  })
  rmSync(dataDir, { recursive: true })
  cpSync(asOnDisk, dataDir, { recursive: true })
  rmSync(asOnDisk, { recursive: true })
  await inRun(async (redis) => expect(await idOf(redis, place)).toBe('100002'))
})

test('after a restore no id is given again that was given since the backup, whatever ran meanwhile', async () => {
  const [place, newcomer] = [newTenant(first), newTenant(first)]
  const backup = `${dataDir}-backup`
  await inRun(async (redis) => {
    expect(await idOf(redis, place)).toBe('1')
    await markCleanEnd(redis, shards)
  })
  cpSync(dataDir, backup, { recursive: true })
  await inRun(async (redis) => expect(await idOf(redis, place)).toBe('2'))
  await inRun(async (redis) => expect(await idOf(redis, place)).toBe('100003'))
  rmSync(dataDir, { recursive: true })
  cpSync(backup, dataDir, { recursive: true })
  rmSync(backup, { recursive: true })

  const restored = 1_784_212_313_000
  await inRun(async (redis) => {
    await redis.set(shardKeys(place.shard).restored, restored)
    expect(await idOf(redis, place)).toBe(`${restored}`)
    expect(await idOf(redis, place)).toBe(`${restored + 1}`)
    expect(await idOf(redis, newcomer)).toBe(`${restored}`)
    const { nextId } = tenantKeys(place.shard, place.tenant)
    expect(await redis.hgetall(nextId)).toMatchObject({ 'gap:2': `${restored - 1}` })
  })
  await inRun(async (redis) => expect(await idOf(redis, place)).toBe(`${restored + 100_002}`))
})
