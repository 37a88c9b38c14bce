import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startEmbeddedRedis } from '../src/index.ts'
import { clientOf, started } from './client.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('serves with its password, and nobody without', async () => {
  const redis = await started({ dataDir: temporaryFolder() })
  expect(redis.source).toMatchObject({ text: expect.stringMatching(/^(Redis|Valkey|redis:8)/) })
  expect(await clientOf(redis.url).ping()).toBe('PONG')

  const { port, password } = new URL(redis.url)
  expect(Buffer.from(password, 'base64url')).toHaveLength(32)
  await expect(clientOf(`redis://127.0.0.1:${port}`).ping()).rejects.toThrow(/NOAUTH/)
  await expect(clientOf(`redis://:guess@127.0.0.1:${port}`).get('key')).rejects.toThrow()
})

test('runs with the settings that keep the data', async () => {
  const redis = await started({ dataDir: temporaryFolder(), maxMemory: 300_000_000 })
  const client = clientOf(redis.url)
  const settings = {
    appendonly: 'yes',
    appendfsync: 'everysec',
    maxmemory: '300000000',
    'maxmemory-policy': 'noeviction',
    'hash-max-listpack-value': '2048',
    save: '',
    bind: '127.0.0.1',
    'protected-mode': 'yes',
    'enable-debug-command': 'no',
  }
  const found = await client.config('GET', ...Object.keys(settings))
  expect(asRecord(found)).toEqual(settings)
  await expect(client.debug('SEGFAULT')).rejects.toThrow(/DEBUG command not allowed/)
})

test('gives itself a share of the memory unless told otherwise', async () => {
  const redis = await started({ dataDir: temporaryFolder() })
  const { maxmemory } = asRecord(await clientOf(redis.url).config('GET', 'maxmemory'))
  expect(Number(maxmemory)).toBeGreaterThanOrEqual(256 * 1024 * 1024)
})

test('its files are for its user alone', async () => {
  const dataDir = join(temporaryFolder(), 'not', 'there yet')
  await started({ dataDir })
  expect(statSync(join(dataDir, 'redis')).mode & 0o777).toBe(0o700)
  expect(statSync(join(dataDir, 'redis', 'redis.conf')).mode & 0o777).toBe(0o600)
})

test.runIf(process.platform === 'linux')(
  'neither arguments nor environment of the server hold a secret, and it leaves no core dump',
  async () => {
    const env = { ...process.env, ADMIN_PASSWORD: 'of-the-owner' }
    const redis = await started({ dataDir: temporaryFolder(), env })
    const about = (file: string) => readFileSync(`/proc/${redis.pid}/${file}`, 'utf8')
    expect(about('cmdline')).not.toContain(new URL(redis.url).password)
    expect(about('environ')).not.toContain('of-the-owner')
    expect(about('limits')).toMatch(/^Max core file size +0 +0 /m)
  },
)

test('keeps its data over a stop, and the last write of its owner', async () => {
  const dataDir = temporaryFolder()
  const first = await started({
    dataDir,
    beforeShutdown: async (redis) => {
      await redis.set('mark', 'clean')
    },
  })
  await clientOf(first.url).set('key', 'value')
  await Promise.all([first.stop(), first.stop()])
  expect(await first.exited).toEqual({ code: 0, signal: null, expected: true })

  const second = await started({ dataDir })
  expect(await clientOf(second.url).mget('key', 'mark')).toEqual(['value', 'clean'])
})

test('stops although the last write fails, and says so', async () => {
  const dataDir = temporaryFolder()
  const redis = await startEmbeddedRedis({
    dataDir,
    beforeShutdown: () => Promise.reject(new Error('no last word')),
  })
  await expect(redis.stop()).rejects.toThrow('no last word')
  expect((await redis.exited).code).toBe(0)
  await started({ dataDir })
})

test('keeps its data when Redis is killed, and its owner learns of it', async () => {
  const dataDir = temporaryFolder()
  const first = await started({ dataDir })
  await clientOf(first.url).set('key', 'value')
  process.kill(first.pid as number, 'SIGKILL')
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL', expected: false })
  await first.stop()

  const second = await started({ dataDir })
  expect(await clientOf(second.url).get('key')).toBe('value')
})

test('refuses a second owner of the data folder', async () => {
  const dataDir = temporaryFolder()
  const redis = await started({ dataDir })
  const second = startEmbeddedRedis({ dataDir })
  await expect(second).rejects.toMatchObject({
    code: 'data_dir_in_use',
    message: expect.stringMatching(`^${dataDir} is in use by process ${process.pid}\\.`),
  })
  expect(await clientOf(redis.url).ping()).toBe('PONG')
})

test('uses the Redis of redisUrl as it is, and leaves it running', async () => {
  const running = await started({ dataDir: temporaryFolder() })
  const given = await startEmbeddedRedis({ dataDir: '/not/used', redisUrl: running.url })
  expect(given).toMatchObject({ url: running.url, pid: undefined, source: { way: 'url' } })
  await given.stop()
  expect(await clientOf(running.url).ping()).toBe('PONG')
})

test('refuses a redisUrl that is none, without repeating it', async () => {
  const start = startEmbeddedRedis({ dataDir: '/not/used', redisUrl: 'http://:secret@host' })
  await expect(start).rejects.toMatchObject({
    code: 'invalid_redis_url',
    message: expect.not.stringContaining('secret'),
  })
})

test('a server that does not come up is an error with its own words', async () => {
  const start = startEmbeddedRedis({ dataDir: temporaryFolder(), maxMemory: Number.NaN })
  await expect(start).rejects.toMatchObject({
    code: 'start_failed',
    message: expect.stringMatching(/maxmemory/),
  })
})

test('a cluster of one owns all slots, also after a restart on its data', async () => {
  const dataDir = temporaryFolder()
  const first = await started({ dataDir, cluster: true })
  await clientOf(first.url).set('key', 'value')
  await first.stop()

  const second = await started({ dataDir, cluster: true })
  const client = clientOf(second.url)
  expect(await client.cluster('INFO')).toContain('cluster_slots_ok:16384')
  expect(await client.get('key')).toBe('value')
  await expect(client.mget('one', 'another')).rejects.toThrow(/CROSSSLOT/)
})

function asRecord(reply: unknown): Record<string, unknown> {
  const flat = reply as string[]
  return Object.fromEntries(flat.flatMap((name, at) => (at % 2 ? [] : [[name, flat[at + 1]]])))
}
