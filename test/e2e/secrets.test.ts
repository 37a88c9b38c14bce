import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LotQueues } from '@csr-foundry/queue'
import { createRequests, shardTags } from '@csr-foundry/records'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csrOf, lookInto, openKeyOf, place } from './look.ts'
import { password, type Service, startService } from './start-service.ts'

leakGuard()

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

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

const redisUrlOf = (service: Service) => {
  const conf = readFileSync(join(service.dataDir, 'redis/redis.conf'), 'utf8')
  const setting = (name: string) => new RegExp(`^${name} (\\S+)$`, 'm').exec(conf)?.[1]
  return `redis://:${setting('requirepass')}@127.0.0.1:${setting('port')}`
}

test('no private key, master key or password lies in Redis, its files or the logs', async () => {
  await using service = await startService({ environment: { LOG_LEVEL: 'trace' } })
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
  await queues.add(ticket)
  const paths = [
    firstId,
    ...(await Promise.all(Array.from({ length: 4 }, () => service.create({})))),
  ]
  const masterKeyFile = join(service.dataDir, 'keys/master.key')
  const masterKey = Buffer.from(readFileSync(masterKeyFile, 'utf8'), 'base64')
  const secrets: Buffer[] = [
    masterKey,
    Buffer.from(masterKey.toString('base64')),
    Buffer.from(password),
  ]
  for (const path of paths) {
    const pem = await csrOf(service, path)
    secrets.push(...formsOf(await openKeyOf(redis, masterKeyFile, path, pem)))
  }
  expect(secrets.length).toBeGreaterThan(60)

  const files = filesBelow(service.dataDir).filter((file) => file !== masterKeyFile)
  expect(files.some((file) => file.endsWith('.incr.aof'))).toBe(true)
  const places = new Map<string, Buffer>([
    ['the logs', Buffer.from(service.output())],
    ...files.map((file) => [file, readFileSync(file)] as const),
    ...(await everythingIn(redis)).map((value, i) => [`value ${i} in Redis`, value] as const),
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

describe('the API process', () => {
  let service: Service
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service[Symbol.asyncDispose]())

  const api = () => {
    const [pid] = service.pids('api/src/main.ts')
    if (pid === undefined) throw new Error('The API does not run.')
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
  }

  test('a read of the master key file from inside gives ERR_ACCESS_DENIED', async () => {
    const [node = '', ...flags] = api()
    const program = flags.findIndex((flag) => flag.endsWith('main.ts'))
    const permissions = flags.slice(0, program)
    expect(permissions).toContain('--permission')
    const file = join(service.dataDir, 'keys/master.key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(service.dataDir, 'keys')).mode & 0o777).toBe(0o700)
    const read = (path: string) =>
      `try { process.getBuiltinModule('fs').readFileSync(${JSON.stringify(path)}); 'read' } catch (error) { error.code }`
    const run = (path: string) =>
      execFileSync(node, [...permissions, '-p', read(path)], { encoding: 'utf8' }).trim()
    expect(run(file)).toBe('ERR_ACCESS_DENIED')
    expect(run(join(service.dataDir, 'redis/redis.conf'))).toBe('ERR_ACCESS_DENIED')
    expect(run('/etc/passwd')).toBe('ERR_ACCESS_DENIED')
    // The very same flags do let it read its own program.
    expect(run(resolve(import.meta.dirname, '../../apps/api/src/main.ts'))).toBe('read')
  })

  test('cannot get at the memory of a worker: no process opens a debugger on a signal', async () => {
    const [node = '', ...flags] = api()
    const permissions = flags.slice(
      0,
      flags.findIndex((flag) => flag.endsWith('main.ts')),
    )
    const pids = [
      ...service.pids('api/src/main.ts'),
      ...service.pids('worker/src/'),
      service.process.pid ?? 0,
    ]
    expect(pids.length).toBeGreaterThanOrEqual(4)
    // As an intruder in the API would, who may signal every process of the same user.
    const intruder = `
      for (const pid of ${JSON.stringify(pids)}) process.kill(pid, 'SIGUSR1')
      await new Promise((wake) => setTimeout(wake, 1_000))
      console.log(await fetch('http://127.0.0.1:9229/json/list').then(() => 'open', () => 'closed'))`
    const said = execFileSync(node, [...permissions, '--input-type=module', '-e', intruder], {
      encoding: 'utf8',
    })
    expect(said.trim()).toBe('closed')
    expect(await csrOf(service, await service.create({}))).toContain('BEGIN CERTIFICATE REQUEST')
  })

  test('has no SQLite, which opens files without asking for permission', async () => {
    expect(api()).toContain('--no-experimental-sqlite')
  })

  test('has no core dumps, like all processes that could hold a key', async () => {
    const pids = [
      ...service.pids('api/src/main.ts'),
      ...service.pids('worker/src/'),
      ...service.pids('redis-server'),
    ]
    expect(pids.length).toBeGreaterThanOrEqual(4)
    for (const pid of pids) {
      expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max core file size\s+0\s+0\s/)
    }
  })
})

test("the administrator's password of a first start that nobody watches is in a file of mode 0600, and only its path is said", async () => {
  await using service = await startService({ environment: { ADMIN_PASSWORD: '' } })
  const file = join(service.dataDir, 'admin-password')
  expect(existsSync(file)).toBe(true)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const made = readFileSync(file, 'utf8').trim()
  expect(service.output()).toContain(`The password of admin is in ${file}`)
  expect(service.output()).not.toContain(made)
  const headers = { authorization: `Basic ${btoa(`admin:${made}`)}` }
  expect((await fetch(`${service.url}/certificatePolicy`, { headers })).status).toBe(200)
})
