import { createPrivateKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LotQueues } from '@csr-foundry/queue'
import { createRequests, shardTags } from '@csr-foundry/records'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { csrOf, lookInto, openKeyOf, place, redisUrlOf } from '../look.ts'
import { password } from '../start-service.ts'
import { adminToken, service } from './service.ts'

/** All that could give a private key away, in the forms in which it could lie about. */
function formsOf(pkcs8: Buffer): Buffer[] {
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const jwk = key.export({ format: 'jwk' }) as Record<string, string>
  const values = ['d', 'p', 'q', 'dp', 'dq', 'qi'].flatMap((name) => jwk[name] ?? [])
  const raw = [pkcs8, ...values.map((value) => Buffer.from(value, 'base64url'))]
  const encoded = raw.flatMap((bytes) =>
    (['base64', 'base64url', 'hex'] as const).map((encoding) =>
      Buffer.from(bytes.toString(encoding)),
    ),
  )
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString().split('\n')[1] ?? ''
  return [...raw, ...encoded, Buffer.from(pem)]
}

/** Every key of every type, names and values, as one buffer each. */
async function everythingIn(redis: Redis): Promise<Buffer[]> {
  const names = await redis.keysBuffer('*')
  const readers: Record<string, (name: Buffer) => Promise<unknown>> = {
    string: (name) => redis.getBuffer(name),
    hash: (name) => redis.callBuffer('HGETALL', name),
    list: (name) => redis.callBuffer('LRANGE', name, '0', '-1'),
    set: (name) => redis.smembersBuffer(name),
    zset: (name) => redis.callBuffer('ZRANGE', name, '0', '-1'),
    // It went meanwhile: tenants whose audit is sealed, leases, what has run out.
    none: async () => [],
    stream: (name) => redis.callBuffer('XRANGE', name, '-', '+'),
  }
  const values = await Promise.all(
    names.map(
      async (name) =>
        readers[await redis.type(name)]?.(name) ?? Promise.reject(new Error(`${name}`)),
    ),
  )
  const flat = (value: unknown): Buffer[] =>
    Buffer.isBuffer(value) ? [value] : Array.isArray(value) ? value.flatMap(flat) : []
  return [...names, ...values.flatMap(flat)]
}

/** Between values, so that no two of them make a secret together. */
const gap = Buffer.alloc(1)

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

test('no private key, master key, password or token lies in Redis, its files or the logs', async () => {
  await using redis = await lookInto(redisUrlOf(service))
  const queues = new LotQueues(redis, shardTags(1), () => {})
  const p256 = {
    subject: [[{ type: 'CN' as const, value: 'x' }]],
    subjectAltNames: [],
    key: { algorithm: 'ecdsa-p256' as const, digest: 'sha256' as const },
    custody: 'internal' as const,
  }
  const { firstId, ticket } = await createRequests(redis, place, {
    requests: [{ spec: p256 }],
    lane: 'fast',
    priority: 0,
  })
  if (!ticket) throw new Error('They were created before.')
  await queues.add(ticket)
  // A P-256 key and an RSA key: each secret is sought in all that there is.
  const paths = [firstId, await service.create({})]
  const masterKeyFile = join(service.dataDir, 'keys/master.key')
  const masterKey = Buffer.from(readFileSync(masterKeyFile, 'utf8'), 'base64')
  const secrets: Buffer[] = [
    masterKey,
    Buffer.from(masterKey.toString('base64')),
    Buffer.from(password),
    Buffer.from(adminToken),
  ]
  for (const path of paths) {
    const pem = await csrOf(service, path)
    secrets.push(...formsOf(await openKeyOf(redis, masterKeyFile, path, pem)))
  }
  expect(secrets.length).toBeGreaterThan(35)

  const files = filesBelow(service.dataDir).filter((file) => file !== masterKeyFile)
  expect(files.some((file) => file.endsWith('.incr.aof'))).toBe(true)
  const places = new Map<string, Buffer>([
    ['the logs', Buffer.from(service.output())],
    ...files.map((file) => [file, readFileSync(file)] as const),
    ['Redis', Buffer.concat((await everythingIn(redis)).flatMap((value) => [value, gap]))],
  ])
  // The search itself works: what is known to be there is found.
  const sealed =
    (await redis.hgetBuffer(`{s10}:t:default:key:${firstId}`, 'sealed')) ?? Buffer.alloc(0)
  const found = (needle: Buffer) =>
    [...places].filter(([, hay]) => hay.includes(needle)).map(([name]) => name)
  expect(found(sealed).length).toBeGreaterThanOrEqual(2)
  for (const secret of secrets) expect(found(secret)).toEqual([])
  await queues.close()
})
