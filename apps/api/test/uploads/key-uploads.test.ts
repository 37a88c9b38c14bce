import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { keyAlgorithmNames } from '@csr-foundry/csr'
import { connected, connectRedis, readKey, readSealedKey } from '@csr-foundry/records'
import { createLogger, ServiceError } from '@csr-foundry/service'
import { startRedis, type TestRedis } from '@csr-foundry/testing'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import type { Redis } from 'ioredis'
import { calculateJwkThumbprint } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KeyUploads, type Upload } from '../../src/uploads/key-uploads.ts'
import { UploadThread } from '../../src/uploads/upload-thread.ts'
import { VaultPin } from '../../src/uploads/vault-pin.ts'
import { defaultPlace as place } from '../start-api.ts'
import { startUploads, type TestUploads } from '../start-uploads.ts'
import { derivedIn, encryptedPem, newEcKey, pemOf } from './private-keys.ts'

leakGuard()
const elsewhere = { ...place, tenant: 'other' }
const pointers = { key: '/privateKey', password: '/password' }
const password = 'correct horse battery staple'

let server: TestRedis
let redis: Redis
let test0: TestUploads
let uploads: KeyUploads
let logged = ''
const log = createLogger('api', 'info', { write: (line) => (logged += line) })
beforeAll(async () => {
  server = await startRedis()
  redis = connectRedis(server.url, 'request', { onError: () => {} })
  await connected(redis, 5_000)
  test0 = await startUploads(redis, log)
  uploads = test0.uploads
})
afterAll(async () => {
  await test0[Symbol.asyncDispose]()
  redis.disconnect()
  await server.stop()
})

const upload = (pem: string, more: Partial<Upload> = {}): Upload => ({
  requestId: 'call-1',
  pem,
  custody: 'internal',
  accepted: keyAlgorithmNames,
  pointers,
  confirm: async () => {},
  ...more,
})

/** What taking a key in ends with: its code, and of a refusal the faults. */
const outcomeOf = (taking: Promise<unknown>) =>
  taking.then(
    () => ({ code: 'taken', faults: [], message: '', retryAfter: undefined }),
    (error: unknown) => {
      if (error instanceof ServiceError) return error
      throw error
    },
  )

const spkiOf = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' })
const nextId = () => redis.hget('{s10}:t:default:next-id', 'next')
const keysInRedis = async () => (await redis.keys('*:key:*')).filter((name) => !/uses$/.test(name))

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ed25519 = generateKeyPairSync('ed25519').privateKey
const [p256, p384, p521] = ['P-256', 'P-384', 'P-521'].map(newEcKey) as [
  KeyObject,
  KeyObject,
  KeyObject,
]
const ecSec1 = newEcKey()
const rsaPkcs1 = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const encryptedRsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const encryptedEc = newEcKey()

describe('a key that is taken can be opened by a worker, under its own name', () => {
  test.each<[string, KeyObject, string, string, Partial<Upload>]>([
    ['RSA, PKCS #8', rsa, 'rsa-2048', pemOf(rsa), {}],
    ['RSA, PKCS #1', rsaPkcs1, 'rsa-2048', pemOf(rsaPkcs1, 'pkcs1'), {}],
    [
      'RSA, encrypted',
      encryptedRsa,
      'rsa-2048',
      encryptedPem(encryptedRsa, password),
      { password },
    ],
    ['P-256, PKCS #8', p256, 'ecdsa-p256', pemOf(p256), { name: 'the first' }],
    ['P-256, SEC 1', ecSec1, 'ecdsa-p256', pemOf(ecSec1, 'sec1'), {}],
    [
      'P-256, encrypted',
      encryptedEc,
      'ecdsa-p256',
      encryptedPem(encryptedEc, password),
      { password },
    ],
    ['P-384', p384, 'ecdsa-p384', pemOf(p384), { custody: 'exportable' }],
    ['P-521', p521, 'ecdsa-p521', pemOf(p521), {}],
    ['Ed25519', ed25519, 'ed25519', pemOf(ed25519), {}],
  ])('%s', async (_, key, algorithm, pem, more) => {
    const { custody = 'internal', name } = more
    const record = await uploads.take(place, upload(pem, more))
    expect(record).toEqual({
      id: expect.stringMatching(/^[1-9]\d*$/),
      algorithm,
      spki: spkiOf(key),
      custody,
      origin: 'imported',
      ...(name && { name }),
      created: expect.any(Number),
      inUse: false,
    })
    expect(await readKey(redis, place, record.id)).toEqual(record)
    const stored = await readSealedKey(redis, place, record.id)
    if (!stored) throw new Error('There is no key.')
    const owner = { place, keyId: record.id, spki: record.spki, custody }
    const opened = await test0.vault.open(stored.sealed, owner)
    expect(spkiOf(createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' }))).toEqual(
      record.spki,
    )
    await expect(test0.vault.open(stored.sealed, { ...owner, place: elsewhere })).rejects.toThrow()
  })
})

describe('a key that is not taken', () => {
  const locked = encryptedPem(p256, password)
  const secp256k1 = pemOf(newEcKey('secp256k1'))
  const small = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)
  test.each<[string, string, Partial<Upload>, string, RegExp]>([
    ['no PEM', 'a secret text', {}, '/privateKey', /has no private key/],
    ['an empty text', '', {}, '/privateKey', /./],
    ['text beyond ASCII', '\ud800 ключ', {}, '/privateKey', /has no private key/],
    ['too long', 'A'.repeat(40_000), {}, '/privateKey', /longer than 32768 octets/],
    ['damaged', pemOf(p256).replace(/A/, 'B').replace(/M/, 'A'), {}, '/privateKey', /./],
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      {},
      '/privateKey',
      /a certificate/,
    ],
    ['no password', locked, {}, '/password', /password is needed/],
    ['a wrong password', locked, { password: 'tr0ub4dor' }, '/password', /does not open/],
    ['an unusual curve', secp256k1, {}, '/privateKey', /P-256, P-384 and P-521/],
    ['too small', small, {}, '/privateKey', /2048/],
    [
      'an algorithm that the dialect has no name for',
      pemOf(ed25519),
      { accepted: ['rsa-2048', 'ecdsa-p256'] },
      '/privateKey',
      /ed25519; use rsa-2048, ecdsa-p256/,
    ],
    [
      '2,000,000,000 rounds',
      derivedIn(2_000_000_000),
      { password },
      '/privateKey',
      /more than 1000000 rounds/,
    ],
  ])(
    '%s: a fault at its place that repeats nothing of it',
    async (_, pem, more, pointer, detail) => {
      const before = [await nextId(), await keysInRedis()]
      const { code, faults } = await outcomeOf(uploads.take(place, upload(pem, more)))
      expect(code).toBe('attribute_invalid')
      expect(faults).toEqual([{ pointer, detail: expect.stringMatching(detail) }])
      const said = JSON.stringify(faults)
      for (const secret of [
        ...pem.split('\n').filter((line) => !line.includes('--')),
        more.password,
      ]) {
        if (secret) expect(said).not.toContain(secret)
      }
      expect([await nextId(), await keysInRedis()], 'nothing is stored, no id is used up').toEqual(
        before,
      )
    },
  )
})

test('the same key twice is refused with the id that it has, also at the same moment; another tenant may have it too', async () => {
  const pem = pemOf(newEcKey())
  const first = await uploads.take(place, upload(pem))
  const { code, message } = await outcomeOf(uploads.take(place, upload(pem)))
  expect(code).toBe('private_key_known')
  expect(message).toContain(`the key ${first.id}.`)
  expect((await uploads.take(elsewhere, upload(pem))).spki).toEqual(first.spki)

  const another = pemOf(newEcKey())
  const codes = await Promise.all(
    [1, 2, 3].map(() => outcomeOf(uploads.take(place, upload(another)))),
  )
  expect(codes.map((outcome) => outcome.code).toSorted()).toEqual([
    'private_key_known',
    'private_key_known',
    'taken',
  ])
})

test('a tenant has one key checked at once and seven waiting; what goes beyond is told when to come again, and other tenants have their turn', async () => {
  const pem = derivedIn(60_000, password)
  let done = 0
  const many = Array.from({ length: 12 }, async () => {
    const outcome = await outcomeOf(uploads.take(place, upload(pem, { password: 'wrong' })))
    if (outcome.code === 'attribute_invalid') done += 1
    return outcome
  })
  const other = await outcomeOf(uploads.take(elsewhere, upload(pemOf(newEcKey()))))
  expect(other.code).toBe('taken')
  expect(done).toBeLessThan(7)
  const outcomes = await Promise.all(many)
  const throttled = outcomes.filter(({ code }) => code === 'uploads_throttled')
  expect(throttled).toHaveLength(4)
  expect(throttled.every(({ retryAfter }) => retryAfter === 2)).toBe(true)
  expect(outcomes.filter(({ code }) => code === 'attribute_invalid')).toHaveLength(8)
  expect((await uploads.take(place, upload(pem, { password }))).algorithm).toBe('ecdsa-p256')
})

test('a key whose sender has lost what let him in while it was checked is not stored', async () => {
  const before = await keysInRedis()
  const confirm = () => Promise.reject(new ServiceError('credentials_invalid'))
  const pem = pemOf(newEcKey())
  const { code } = await outcomeOf(uploads.take(place, upload(pem, { confirm })))
  expect(code).toBe('credentials_invalid')
  expect(await keysInRedis()).toEqual(before)
  expect((await outcomeOf(uploads.take(place, upload(pem)))).code).toBe('taken')
})

test('while keys are checked, the process does other things', async () => {
  const pem = derivedIn(200_000)
  const waits: number[] = []
  const under = Promise.all(
    [1, 2].map(() => outcomeOf(uploads.take(place, upload(pem, { password })))),
  )
  const done = under.then(() => true)
  while (!(await Promise.race([done, shortRest()]))) {
    const started = performance.now()
    await redis.ping()
    waits.push(performance.now() - started)
  }
  expect((await under).map(({ code }) => code)).toEqual(['attribute_invalid', 'attribute_invalid'])
  expect(waits.length).toBeGreaterThan(5)
  // Half of them: on a busy machine a single one says nothing.
  expect(waits.toSorted((a, b) => a - b)[waits.length >> 1]).toBeLessThan(50)
})

const shortRest = () => new Promise<false>((wake) => setTimeout(() => wake(false), 2))

test('a key that takes too long is a fault, not a stuck place', async () => {
  await using slow = await startMore(1)
  const pem = derivedIn(30_000, password)
  const before = await keysInRedis()
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => outcomeOf(slow.uploads.take(place, upload(pem, { password })))),
  )
  for (const { code, faults } of outcomes) {
    expect(code).toBe('attribute_invalid')
    expect(faults).toEqual([
      { pointer: '/privateKey', detail: expect.stringMatching(/^The key takes too long to open/) },
    ])
  }
  // The places are free again as soon as the thread is done with the late ones.
  await expect
    .poll(
      async () => (await outcomeOf(slow.uploads.take(place, upload('none')))).faults[0]?.detail,
      { timeout: 10_000 },
    )
    .toMatch(/has no private key|too long/)
  expect(await keysInRedis()).toEqual(before)
})

describe('a public key of the vault that is not certain: nothing is sealed, nothing stored', () => {
  const refused = async (reason: RegExp) => {
    const before = [await nextId(), await keysInRedis()]
    logged = ''
    const outcome = await outcomeOf(uploads.take(place, upload(pemOf(newEcKey()))))
    expect(outcome).toMatchObject({ code: 'vault_unavailable', retryAfter: 5 })
    expect([await nextId(), await keysInRedis()]).toEqual(before)
    const line = { level: 50, requestId: 'call-1', reason: expect.stringMatching(reason) }
    expect(JSON.parse(logged)).toMatchObject(line)
  }
  const shown = async () => {
    const kid = await redis.hget('vault:masters', 'vaultKey')
    return { kid: String(kid), text: String(await redis.hget(`vault:key:${kid}`, 'public')) }
  }

  test('another key under the same id in Redis', async () => {
    const { kid, text } = await shown()
    const foreign = newEcKey().export({ format: 'jwk' })
    const { kty, crv, x, y } = foreign
    await redis.hset(`vault:key:${kid}`, 'public', JSON.stringify({ kty, crv, x, y, kid }))
    await refused(/Redis shows another/)
    await redis.hset(`vault:key:${kid}`, 'public', text)
  })

  test('another key under an id of its own in Redis', async () => {
    const { kid } = await shown()
    const foreign = newEcKey().export({ format: 'jwk' })
    const { kty, crv, x, y } = foreign
    const otherKid = await calculateJwkThumbprint(foreign)
    const text = JSON.stringify({ kty, crv, x, y, kid: otherKid })
    await redis.hset(`vault:key:${otherKid}`, 'public', text)
    await redis.hset('vault:masters', 'vaultKey', otherKid)
    await refused(/Redis shows another/)
    await redis.hset('vault:masters', 'vaultKey', kid)
    await redis.del(`vault:key:${otherKid}`)
  })

  test('none in Redis', async () => {
    const { kid } = await shown()
    await redis.hdel('vault:masters', 'vaultKey')
    await refused(/Redis shows another/)
    await redis.hset('vault:masters', 'vaultKey', kid)
  })

  test('a file that holds none, or is not there yet; once it is, keys are taken', async () => {
    const { text } = await shown()
    writeFileSync(test0.publicKeyFile, '{}')
    await refused(/holds no public key/)
    rmSync(test0.publicKeyFile)
    await refused(/cannot be read \(ENOENT\)/)
    writeFileSync(test0.publicKeyFile, text)
    expect((await outcomeOf(uploads.take(place, upload(pemOf(newEcKey()))))).code).toBe('taken')
  })
})

test('a thread that dies fails what is under way and all that comes, and says so', async () => {
  await using dying = await startMore()
  const pem = new TextEncoder().encode(derivedIn(200_000))
  const underWay = outcomeOf(
    dying.thread.check({ job: 1, pem, password: new TextEncoder().encode(password) }),
  )
  await dying.thread.stop()
  expect(await underWay).toMatchObject({ code: 'vault_unavailable', retryAfter: 5 })
  expect((await dying.thread.lost).message).toBe('The upload thread has ended.')
  const next = await outcomeOf(dying.uploads.take(place, upload(pemOf(newEcKey()))))
  expect(next.code).toBe('vault_unavailable')
  expect(() => dying.thread.requireAlive()).toThrow('The upload thread has ended.')
})

/** Another process's uploads, on the same vault. */
async function startMore(longestCheckMs?: number) {
  const thread = new UploadThread()
  await thread.ready
  const pin = new VaultPin(redis, test0.publicKeyFile, log)
  return {
    uploads: new KeyUploads(redis, thread, pin, longestCheckMs),
    thread,
    [Symbol.asyncDispose]: () => thread.stop(),
  }
}
