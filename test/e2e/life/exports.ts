import { spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { fromPem, type KeyAlgorithmName, keyAlgorithmNames, readCsr } from '@csr-foundry/csr'
import type { KeyExportView } from '@csr-foundry/native-api'
import { hasJwcrypto, jwcryptoTitle, openInJwcrypto } from '@csr-foundry/testing/jwcrypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Tenant } from '../make-tenant.ts'
import { jsonInit } from '../start-service.ts'
import { madeBy, type OfEveryAlgorithm, ofEveryAlgorithm } from './every-algorithm.ts'

const password = 'the password of an export'

let tenant: Tenant
let made: OfEveryAlgorithm['made']
beforeAll(async () => {
  const all = await ofEveryAlgorithm()
  tenant = all.tenant
  made = all.made
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
  const request = await madeBy(tenant, { subject: { commonName: 'internal.example.com' } })
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
