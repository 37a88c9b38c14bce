import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inWords } from '@csr-foundry/testing/how-many'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookInto } from '../look.ts'
import { type ProbedApi, startProbedApi } from '../start-probed-api.ts'
import { authorization, jsonInit } from '../start-service.ts'
import { exportCount, exportMany } from './many-exports.ts'
import { service } from './service.ts'

let api: ProbedApi
beforeAll(async () => {
  api = await startProbedApi(service)
})
afterAll(() => api[Symbol.asyncDispose]())

const call = (path: string, init: RequestInit = {}) =>
  fetch(`${api.url}${path}`, { ...init, headers: { authorization, ...init.headers } })
const upload = (body: object) => call('/v1/keys', jsonInit('POST', body))

test('the workers leave the public key of the vault where all may read it', () => {
  const file = join(service.dataDir, 'vault.pub')
  expect(statSync(file).mode & 0o777).toBe(0o644)
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8'))).toSorted()).toEqual([
    'crv',
    'kid',
    'kty',
    'x',
    'y',
  ])
})

test('once it serves, the API can start no thread and no program, open no debugger, and read no key', async () => {
  const masterKeyFile = join(service.dataDir, 'keys/master.key')
  const publicKeyFile = join(service.dataDir, 'vault.pub')
  const files = [
    masterKeyFile,
    join(service.dataDir, 'redis/redis.conf'),
    '/etc/passwd',
    publicKeyFile,
  ]
  for (const file of files) expect(existsSync(file), file).toBe(true)
  expect(await api.ask({ ask: 'intrude', files })).toEqual({
    permissions: [],
    thread: 'ERR_ACCESS_DENIED',
    hooks: 'ERR_ACCESS_DENIED',
    child: 'ERR_ACCESS_DENIED',
    inspector: 'ERR_ACCESS_DENIED',
    files: ['ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'done'],
  })
  // A probe that could do nothing says so: nobody waits for its answer.
  await expect(api.ask({ ask: 'snapshot', folder: '/' })).rejects.toThrow('restricted')
  expect(service.output()).not.toContain('PERM0006')
})

const pemOf = (key: KeyObject, passphrase?: string) =>
  key
    .export({
      format: 'pem',
      type: 'pkcs8',
      ...(passphrase && { cipher: 'aes-256-cbc', passphrase }),
    })
    .toString()

const newEcKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/** All that could give a key away: lines of its PEM, and its numbers in each form, in pieces that need not be whole. */
function piecesOf(key: KeyObject, pem: string): string[] {
  const lines = pem.split('\n').filter((line) => /^[\w+/=]{32,}$/.test(line))
  const numbers = Object.entries(key.export({ format: 'jwk' })).flatMap(([name, value]) =>
    ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name)
      ? [Buffer.from(String(value), 'base64url')]
      : [],
  )
  const encoded = numbers.flatMap((number) =>
    (['base64', 'base64url', 'hex', 'latin1'] as const).map((form) => number.toString(form)),
  )
  return [...lines.map((line) => line.slice(4, 36)), ...encoded.map((text) => text.slice(4, 36))]
}

test(`after imports and ${inWords(exportCount)} exports no key, no part of one and no password is in the memory of the API, in any thread, in Redis or the logs`, async () => {
  const passphrase = 'an unusual passphrase for this test'
  const wrongPassphrase = 'not the passphrase of this test'
  const secrets: string[] = [passphrase, wrongPassphrase]
  const remember = (key: KeyObject, pem: string) => {
    secrets.push(...piecesOf(key, pem))
    return pem
  }
  const statuses: number[] = []
  const send = async (body: object) => {
    const response = await upload(body)
    await response.text()
    statuses.push(response.status)
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const [plain, locked, refused, cut] = [newEcKey(), newEcKey(), newEcKey(), newEcKey()]
  await send({ privateKey: remember(rsa, pemOf(rsa)), name: 'kept' })
  const twice = { privateKey: remember(plain, pemOf(plain)) }
  await send(twice)
  await send(twice)
  const ofLocked = remember(locked, pemOf(locked, passphrase))
  await send({ privateKey: ofLocked, password: passphrase })
  expect(statuses).toEqual([201, 201, 409, 201])
  const ofRefused = remember(refused, pemOf(refused, passphrase))
  await send({ privateKey: ofRefused, password: wrongPassphrase })
  await send({ privateKey: ofRefused, name: 'x'.repeat(300), password: passphrase })
  await send({ privateKey: [ofRefused], [passphrase]: ofRefused })
  const body = `{"privateKey": ${JSON.stringify(remember(cut, pemOf(cut)))}`
  const malformed = await call('/v1/keys', { ...jsonInit('POST', {}), body })
  await malformed.text()
  expect([...statuses.slice(4), malformed.status]).toEqual([400, 400, 400, 400])

  const { secrets: ofExports, told } = await exportMany(api)
  const all = [...secrets.map((secret) => Buffer.from(secret)), ...ofExports]
  expectNone(all, 'Redis', told)
  expectNone(all, 'a log', Buffer.from(service.output() + api.output()))

  expect(await api.ask({ ask: 'snapshot', folder: api.folder })).toEqual({
    threads: ['uploads', 'intake'],
  })
  const files = readdirSync(api.folder)
  expect(files).toHaveLength(3)
  for (const file of files) {
    const snapshot = readFileSync(join(api.folder, file))
    // What is before the strings is numbers: which node points to which.
    const heap = snapshot.subarray(snapshot.lastIndexOf('"strings":['))
    // The search itself works: what is known to be there is found.
    expect(heap.includes('a string that is in the heap')).toBe(file.startsWith('main'))
    // What reads batches knows nothing of keys.
    expect(heap.includes('ENCRYPTED PRIVATE KEY')).toBe(!file.startsWith('intake'))
    expectNone(all, file, heap)
  }
}, 180_000)

function expectNone(secrets: readonly Buffer[], place: string, text: Buffer): void {
  for (const secret of secrets) {
    if (text.includes(secret)) throw new Error(`${place} holds ${secret}`)
  }
}

test('an upload that asks for 2,000,000,000 rounds is refused, and holds up no other call', async () => {
  const pem = withRounds(2_000_000_000)
  const slow = Array.from({ length: 4 }, () => upload({ privateKey: pem, password: 'x' }))
  const waits: number[] = []
  for (let i = 0; i < 20; i++) {
    const started = performance.now()
    const response = await call('/v1/policy')
    await response.text()
    waits.push(performance.now() - started)
    expect(response.status).toBe(200)
  }
  for (const response of await Promise.all(slow)) {
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('more than 1000000 rounds')
  }
  // Half of them: on a busy machine a single one says nothing.
  expect(waits.toSorted((a, b) => a - b)[10]).toBeLessThan(500)
})

/** An encrypted key whose PBKDF2 rounds, 2048 as OpenSSL writes them, are others; what is around them is as long as before. */
function withRounds(rounds: number): string {
  const pem = pemOf(newEcKey(), 'x')
  const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64')
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lengthen(der, rounds).toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`
}

/** Puts four octets of rounds in the place of two, and two more into the length of each structure around them. */
function lengthen(der: Buffer, rounds: number): Buffer {
  const at = der.indexOf(Buffer.from('02020800', 'hex'))
  const value = Buffer.alloc(6)
  value.writeUInt16BE(0x0204)
  value.writeUInt32BE(rounds, 2)
  const longer = Buffer.concat([der.subarray(0, at), value, der.subarray(at + 4)])
  for (let i = 0; i < at; i++) {
    const length = der[i + 1] ?? 0
    const head = length === 0x81 ? 3 : 2
    const whole = length === 0x81 ? (der[i + 2] ?? 0) : length
    if (der[i] !== 0x30 || i + head + whole <= at) continue
    longer[i + head - 1] = whole + 2
  }
  return longer
}

test('a public key that was swapped in Redis: uploads answer 503, and go on once it is put right', async () => {
  await using redis = await lookInto(api.redisUrl)
  const name = `vault:key:${await redis.hget('vault:masters', 'vaultKey')}`
  const own = await redis.hget(name, 'public')
  const { kid, ...rest } = JSON.parse(String(own))
  const { x, y } = newEcKey().export({ format: 'jwk' })
  await redis.hset(name, 'public', JSON.stringify({ ...rest, x, y, kid }))
  const body = { privateKey: pemOf(newEcKey()) }
  const refused = await upload(body)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(await refused.json()).toMatchObject({ code: 'vault_unavailable' })
  await redis.hset(name, 'public', String(own))
  expect((await upload(body)).status).toBe(201)
})

test('an API whose upload thread dies answers what is under way, refuses keys, and ends with an error', async () => {
  const ended = once(api.process, 'exit')
  api.process.send({ ask: 'stopThread', name: 'uploads' })
  expect((await ended)[0]).toBe(1)
  expect(api.output()).toContain('the upload thread is lost; this process ends')
})

test('an API whose intake thread dies ends with an error as well', async () => {
  await using other = await startProbedApi(service)
  const ended = once(other.process, 'exit')
  other.process.send({ ask: 'stopThread', name: 'intake' })
  expect((await ended)[0]).toBe(1)
  expect(other.output()).toContain('the intake thread is lost; this process ends')
  expect(other.output()).not.toContain('the upload thread is lost')
})
