import { spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromPem, type KeyAlgorithmName, keyAlgorithmNames, readCsr } from '@csr-foundry/csr'
import type { KeyExportView, KeyView, RequestView } from '@csr-foundry/native-api'
import { howMany, inWords } from '@csr-foundry/testing/how-many'
import { hasJwcrypto, jwcryptoTitle, openInJwcrypto } from '@csr-foundry/testing/jwcrypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { redisUrlOf } from '../look.ts'
import { makeTenant, type Tenant } from '../make-tenant.ts'
import { startProbedApi } from '../start-probed-api.ts'
import { callerOf, jsonInit } from '../start-service.ts'
import { watchRedis } from '../watch-redis.ts'
import { service } from './service.ts'

const password = 'the password of an export'

let tenant: Tenant
const made = new Map<KeyAlgorithmName, RequestView>()
beforeAll(async () => {
  tenant = await makeTenant(service, 'exports')
  await Promise.all(
    keyAlgorithmNames.map(async (algorithm) => {
      const spec = { subject: { commonName: algorithm }, key: { algorithm }, custody: 'exportable' }
      const init = jsonInit('POST', spec)
      const headers = { ...init.headers, prefer: 'wait=55' }
      const response = await tenant.call('/v1/requests', { ...init, headers })
      made.set(algorithm, (await response.json()) as RequestView)
    }),
  )
})

const csrSpkiOf = (algorithm: KeyAlgorithmName) =>
  readCsr(fromPem(made.get(algorithm)?.csr ?? '')).spki
const spkiOf = (key: KeyObject) =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }) as Buffer

async function exported(algorithm: KeyAlgorithmName, to: object): Promise<KeyExportView> {
  const id = made.get(algorithm)?.key?.id
  const response = await tenant.call(`/v1/keys/${id}/export`, jsonInit('POST', to))
  const body = (await response.json()) as KeyExportView
  expect(response.status, JSON.stringify(body)).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  return body
}

const recipients = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('x25519'),
]

describe('every algorithm', () => {
  test.each(keyAlgorithmNames)('%s: under a password, the key of its CSR', async (algorithm) => {
    const view = await exported(algorithm, { password })
    const pem = 'pem' in view ? view.pem : ''
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/)
    if (algorithm.startsWith('ml-dsa')) {
      // OpenSSL before 3.5 has none.
      const key = createPrivateKey({ key: pem, passphrase: password })
      expect(spkiOf(key)).toEqual(csrSpkiOf(algorithm))
      return
    }
    const args = ['pkey', '-passin', `pass:${password}`, '-pubout', '-outform', 'DER']
    const { status, stdout } = spawnSync('openssl', args, { input: pem })
    expect(status).toBe(0)
    expect(stdout).toEqual(csrSpkiOf(algorithm))
  })

  test.skipIf(!hasJwcrypto)(`to recipients, opened by ${jwcryptoTitle}`, async () => {
    const cases: { jwe: string; key: object }[] = []
    for (const algorithm of keyAlgorithmNames) {
      for (const { publicKey, privateKey } of recipients) {
        const view = await exported(algorithm, { recipient: publicKey.export({ format: 'jwk' }) })
        if (!('jwe' in view)) throw new Error('It is no JWE.')
        cases.push({ jwe: view.jwe, key: privateKey.export({ format: 'jwk' }) })
      }
    }
    const spkis = openInJwcrypto(cases).map(({ payload = '', error = '' }) => {
      if (error) throw new Error(error)
      const key = Buffer.from(payload, 'base64')
      return spkiOf(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).toString('hex')
    })
    const expected = keyAlgorithmNames.flatMap((algorithm) =>
      recipients.map(() => csrSpkiOf(algorithm).toString('hex')),
    )
    expect(spkis).toEqual(expected)
  })
})

test('an internal key leaves for nobody, and a private JWK is no recipient', async () => {
  const init = jsonInit('POST', { subject: { commonName: 'internal.example.com' } })
  const headers = { ...init.headers, prefer: 'wait=55' }
  const request = (await (
    await tenant.call('/v1/requests', { ...init, headers })
  ).json()) as RequestView
  const refused = await tenant.call(
    `/v1/keys/${request.key?.id}/export`,
    jsonInit('POST', { password }),
  )
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ code: 'key_not_exportable' })

  const recipient = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })
  const id = made.get('ed25519')?.key?.id
  const leak = await tenant.call(`/v1/keys/${id}/export`, jsonInit('POST', { recipient }))
  expect(leak.status).toBe(400)
  const { errors } = (await leak.json()) as { errors: { pointer: string; detail: string }[] }
  expect(errors[0]).toMatchObject({ pointer: '/recipient/d' })
  expect(errors[0]?.detail).toContain('treat it as leaked')
})

/** A private key in every form in which it could lie somewhere, in pieces that need not be whole. */
function piecesOf(key: KeyObject): Buffer[] {
  const jwk = key.export({ format: 'jwk' })
  const number = Buffer.from(String(jwk.d), 'base64url')
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' })
  const forms = (['base64', 'base64url', 'hex'] as const).flatMap((form) => [
    number.toString(form).slice(4, 36),
    pkcs8.toString(form).slice(-48, -8),
  ])
  return [number.subarray(2, 30), ...forms.map((text) => Buffer.from(text, 'latin1'))]
}

const count = howMany(100, 1_000)

test(`${inWords(count)} exports leave no private key and no password in Redis, the memory of the API or the logs`, async () => {
  await using api = await startProbedApi(service)
  const { call } = callerOf(api.url, tenant.authorization)
  const keys = Array.from(
    { length: 10 },
    () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  )
  const ids: string[] = []
  for (const key of keys) {
    const privateKey = key.export({ format: 'pem', type: 'pkcs8' })
    const init = jsonInit('POST', { privateKey, custody: 'exportable' })
    ids.push(((await (await tenant.call('/v1/keys', init)).json()) as KeyView).id)
  }
  const recipient = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })
  const passwords = Array.from({ length: 4 }, (_, i) => `password ${i} of an export in a test`)
  await using watch = await watchRedis(redisUrlOf(service))

  let next = 0
  const statuses: number[] = []
  const exportAll = async () => {
    for (let i = next++; i < count; i = next++) {
      const under = i % 50 === 0 ? passwords[i / 50] : undefined
      const to = under === undefined ? { recipient } : { password: under }
      const response = await call(`/v1/keys/${ids[i % ids.length]}/export`, jsonInit('POST', to))
      await response.text()
      statuses.push(response.status)
    }
  }
  await Promise.all(Array.from({ length: 16 }, exportAll))
  expect(statuses).toHaveLength(count)
  expect([...new Set(statuses)]).toEqual([200])

  const seen = await watch.all()
  // The watch works: it has seen what the exports did, also in its binary parts.
  expect(seen.includes('finish-errand') || seen.includes('"jwe')).toBe(true)
  const secrets = [...keys.flatMap(piecesOf), ...passwords.map((one) => Buffer.from(one))]
  const places: [string, Buffer][] = [
    ['Redis', seen],
    ['log', Buffer.from(service.output() + api.output())],
  ]
  expect(await api.ask({ ask: 'snapshot', folder: api.folder })).toEqual({ threads: 1 })
  for (const file of readdirSync(api.folder)) {
    const snapshot = readFileSync(join(api.folder, file), 'utf8')
    places.push([file, Buffer.from(snapshot.slice(snapshot.lastIndexOf('"strings":[')))])
  }
  for (const [place, text] of places) {
    for (const secret of secrets) expect(text.includes(secret), `${place}: ${secret}`).toBe(false)
  }
}, 180_000)
