import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startRedis } from '../src/index.ts'
import { leakGuard } from '../src/leak-guard.ts'

leakGuard()

test('each start is a server of its own, with the settings of production', async () => {
  await using one = await startRedis()
  await using another = await startRedis()
  await one.client().set('key', 'value')
  expect(await another.client().get('key')).toBeNull()
  const settings = ['appendonly', 'maxmemory', 'maxmemory-policy', 'hash-max-listpack-value']
  const found = (await another.client().config('GET', ...settings)) as string[]
  expect(found.sort()).toEqual([...settings, 'yes', '1073741824', 'noeviction', '2048'].sort())
})

test('a data folder carries the data to the next server', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'csr-foundry-testing-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  {
    await using redis = await startRedis({ dataDir })
    await redis.client().set('key', 'value')
  }
  await using redis = await startRedis({ dataDir })
  expect(await redis.client().get('key')).toBe('value')
})

test('a cluster refuses what crosses slots', async () => {
  await using redis = await startRedis({ cluster: true })
  const client = redis.client()
  await client.mset('{s}:one', '1', '{s}:two', '2')
  await expect(client.mget('one', 'two')).rejects.toThrow(/CROSSSLOT/)
})

test('stopping ends the server and its clients, and can be repeated', async () => {
  const redis = await startRedis()
  const client = redis.client()
  await client.ping()
  await redis.stop()
  await redis.stop()
  await expect(client.ping()).rejects.toThrow(/closed/)
})
