import { createDecipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { openVault } from '../src/index.ts'
import { keyPair } from './key-pair.ts'
import { startSurroundings } from './start-surroundings.ts'

leakGuard()

/** How a secret might be written by mistake. */
const forms = (secret: Buffer): Buffer[] => [
  secret,
  ...(['hex', 'base64', 'base64url'] as const).map((form) =>
    // The last characters of base64 depend on what follows.
    Buffer.from(secret.toString(form).replace(/.{1,4}$/, '')),
  ),
]

/** All keys and values of a Redis, as bytes; what is sealed for this test is written beside them. */
async function wholeContent(redis: Redis): Promise<Buffer> {
  const names = await redis.keysBuffer('*')
  const parts = await Promise.all(
    names.map(async (name) => {
      expect(await redis.type(name)).toBe('hash')
      const hash = await redis.hgetallBuffer(name)
      return Buffer.concat([name, ...Object.entries(hash).flatMap(([k, v]) => [Buffer.from(k), v])])
    }),
  )
  return Buffer.concat(parts)
}

test('Redis holds neither private keys nor data keys nor the master key, in any form', async () => {
  const surroundings = await startSurroundings()
  try {
    const { redis, folder } = surroundings
    const path = join(folder, 'keys', 'master.key')
    const vault = await openVault(redis, path)
    const pairs = ['1', '2', '3'].map(keyPair)
    for (const { owner, pkcs8 } of pairs) {
      const sealed = await vault.seal(pkcs8, owner)
      await redis.hset(`{s10}:t:default:key:${owner.keyId}`, { spki: owner.spki, sealed })
      expect(await vault.open(sealed, owner)).toEqual(pkcs8)
    }
    const master = Buffer.from(readFileSync(path, 'utf8'), 'base64')
    const dataKey = await unwrappedDataKey(redis, master)
    const content = await wholeContent(redis)
    expect(content.length).toBeGreaterThan(500)
    const secrets = [master, dataKey, ...pairs.flatMap(({ pkcs8 }) => [pkcs8, scalarOf(pkcs8)])]
    for (const secret of secrets) {
      for (const form of forms(secret)) expect(content.includes(form)).toBe(false)
    }
  } finally {
    await surroundings.stop()
  }
})

/** The private number of a P-256 key in PKCS#8: bytes 36 to 67. */
const scalarOf = (pkcs8: Buffer) => pkcs8.subarray(36, 68)

/** The one data key, unwrapped without the code that is tested here. */
async function unwrappedDataKey(redis: Redis, master: Buffer): Promise<Buffer> {
  const [name = ''] = await redis.keys('*:vault:datakey:*')
  const { wrapped } = await redis.hgetallBuffer(name)
  if (!wrapped) throw new Error('There is no data key.')
  const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, 12))
  const id = name.replace(/^.*datakey:/, '')
  decipher.setAAD(Buffer.from(`csr-foundry data key {s10} ${id}`))
  decipher.setAuthTag(wrapped.subarray(-16))
  return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()])
}
