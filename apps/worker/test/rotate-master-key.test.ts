import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openVault } from '@csr-foundry/key-vault'
import { connectRedis, defaultTenant, readAudit, shardTag } from '@csr-foundry/records'
import { startRedis, type TestRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { afterAll, beforeAll, expect, test } from 'vitest'

leakGuard()
const command = fileURLToPath(new URL('../src/rotate-master-key.ts', import.meta.url))
const place = { tenant: defaultTenant, shard: shardTag(0) }
let server: TestRedis
let folder: string
beforeAll(async () => {
  server = await startRedis()
  folder = mkdtempSync(join(tmpdir(), 'csr-foundry-rotate-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.stop()
})

const file = () => join(folder, 'master.key')
const keysIn = () => readFileSync(file(), 'utf8').match(/^[^#\n].*$/gm) ?? []

function run(...given: string[]) {
  const env = { PATH: process.env.PATH, REDIS_URL: server.url, MASTER_KEY_FILE: file() }
  return promisify(execFile)(process.execPath, [command, ...given], { env })
}

test('the command prepares, then rotates, tells each step and has it audited', async () => {
  const redis = connectRedis(server.url, 'work', { onError: () => {} })
  try {
    await redis.hset('tenant:default', 'shard', '0')
    const vault = await openVault(redis, file())
    const { mac, kid } = await vault.audit.mac('a seal')
    const [old = ''] = keysIn()

    expect((await run('--prepare')).stdout).toContain('copy it to the other hosts')
    expect(keysIn()).toEqual([expect.any(String), old])
    const [added = ''] = keysIn()
    const { stdout } = await run()
    expect(stdout).toContain('1 wrapped keys looked at, 1 wrapped anew.')
    expect(stdout).toContain(`Done: ${file()} holds the new key alone.`)
    expect(keysIn()).toEqual([added])
    for (const key of [old, added]) expect(stdout).not.toContain(key)

    expect(await vault.audit.isOf({ kid, mac }, 'a seal')).toBe(true)
    const { entries } = await readAudit(redis, place, { limit: 10 })
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'vault.rotate done',
      'vault.rotate switched',
      'vault.rotate prepared',
    ])
  } finally {
    redis.disconnect()
  }
})

test('a wrong call is told how to call it', async () => {
  await expect(run('--prepare', '--cancel')).rejects.toMatchObject({
    code: 64,
    stderr: expect.stringContaining('Usage:'),
  })
})
