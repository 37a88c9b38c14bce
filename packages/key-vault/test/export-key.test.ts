import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import {
  buildCsr,
  exportPrivateKey,
  importPrivateKey,
  type KeyAlgorithmName,
  keyAlgorithmNames,
  keyAlgorithms,
  readCsr,
  specSchema,
} from '@csr-foundry/csr'
import { shardTag } from '@csr-foundry/records'
import { hasJwcrypto, jwcryptoTitle, openInJwcrypto } from '@csr-foundry/testing/jwcrypto'
import { leakGuard } from '@csr-foundry/testing/leak-guard'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportPasswordHeader } from '../src/export-password-header.ts'
import { type ExportTo, type KeyOwner, openVault, type Vault } from '../src/index.ts'
import { recipientJwk, sealExportPassword } from '../src/recipients.ts'
import { sealUpload } from '../src/seal-upload.ts'
import type { VaultPublicKey } from '../src/uploads.ts'
import { codeOf } from './code-of.ts'
import { type Surroundings, startSurroundings } from './start-surroundings.ts'

leakGuard()

const recipients = {
  'RSA-OAEP-256': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  X25519: generateKeyPairSync('x25519'),
}
type RecipientName = keyof typeof recipients
const recipientNames = Object.keys(recipients) as RecipientName[]
const recipientOf = (name: RecipientName, kid?: string) =>
  recipientJwk.parse({
    ...recipients[name].publicKey.export({ format: 'jwk' }),
    ...(kid && { kid }),
  })
const identityOf = (name: RecipientName) => recipients[name].privateKey.export({ format: 'jwk' })

const password = 'pässword of 12 🔑'

type Made = { pkcs8: Buffer; csr: Buffer; owner: KeyOwner; sealed: Buffer }

let surroundings: Surroundings
let vault: Vault
let publicKey: VaultPublicKey
const made = new Map<KeyAlgorithmName, Made>()
beforeAll(async () => {
  surroundings = await startSurroundings()
  vault = await openVault(surroundings.redis, join(surroundings.folder, 'keys', 'master.key'))
  publicKey = await vault.publicKey()
  for (const [i, name] of keyAlgorithmNames.entries()) made.set(name, await make(name, `${i + 1}`))
})
afterAll(() => surroundings.stop())

/** A key with its CSR, sealed as a generated one is. */
async function make(algorithm: KeyAlgorithmName, keyId: string): Promise<Made> {
  const key = await keyAlgorithms[algorithm].generate()
  const pkcs8 = exportPrivateKey(key)
  const spec = specSchema.parse({ subject: { CN: algorithm }, key: { algorithm } })
  if ('id' in spec.key) throw new Error('It names a key.')
  const { digest } = spec.key
  const csr = await buildCsr({ ...spec, key: spec.key }, key.spki, (toBeSigned) =>
    keyAlgorithms[algorithm].sign(key.privateKey, digest, toBeSigned),
  )
  const place = { tenant: 'default', shard: shardTag(0) }
  const owner = { place, keyId, spki: key.spki, custody: 'exportable' }
  return { pkcs8, csr, owner, sealed: await vault.seal(pkcs8, owner) }
}

function madeOf(name: KeyAlgorithmName): Made {
  const one = made.get(name)
  if (one === undefined) throw new Error(`no ${name}`)
  return one
}

async function jweOf({ sealed, owner }: Made, to: ExportTo): Promise<string> {
  const exported = await vault.exportKey(sealed, owner, to)
  if (!('jwe' in exported)) throw new Error('It is no JWE.')
  return exported.jwe
}

async function pemOf({ sealed, owner }: Made): Promise<string> {
  const exported = await vault.exportKey(sealed, owner, await underPassword(owner, '7'))
  if (!('pem' in exported)) throw new Error('It is no PEM.')
  return exported.pem
}

const exportOf = ({ place, keyId }: KeyOwner, n: string) => ({ tenant: place.tenant, keyId, n })

const underPassword = async (owner: KeyOwner, n: string) => ({
  sealedPassword: await sealExportPassword(publicKey, password, exportOf(owner, n)),
  n,
})

const spkiOf = (pkcs8: Buffer) =>
  createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({
    format: 'der',
    type: 'spki',
  })

describe.each(recipientNames)('a JWE for %s', (recipient) => {
  test.each(keyAlgorithmNames)(
    'of %s opens with the recipient’s key and is the CSR’s',
    async (name) => {
      const one = madeOf(name)
      const jwe = await jweOf(one, { recipient: recipientOf(recipient) })
      const { plaintext } = await compactDecrypt(jwe, recipients[recipient].privateKey)
      expect(Buffer.from(plaintext)).toEqual(one.pkcs8)
      expect(spkiOf(Buffer.from(plaintext))).toEqual(readCsr(one.csr).spki)
    },
  )

  test('says what it is in its header, with the recipient’s kid if he has one', async () => {
    const one = madeOf('ed25519')
    const { epk, ...header } = decodeProtectedHeader(
      await jweOf(one, { recipient: recipientOf(recipient, 'ops-1') }),
    )
    expect(header).toEqual({
      alg: recipient === 'RSA-OAEP-256' ? 'RSA-OAEP-256' : 'ECDH-ES',
      enc: 'A256GCM',
      kid: 'ops-1',
      cty: 'application/pkcs8',
      'csr-foundry': {
        tenant: 'default',
        key: one.owner.keyId,
        spkiSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
    expect(epk !== undefined).toBe(recipient !== 'RSA-OAEP-256')
    const unnamed = await jweOf(one, { recipient: recipientOf(recipient) })
    expect(decodeProtectedHeader(unnamed)).not.toHaveProperty('kid')
  })

  test('opens with no other key, and not when it was changed', async () => {
    const jwe = await jweOf(madeOf('ecdsa-p256'), { recipient: recipientOf(recipient) })
    const { privateKey } = recipients[recipient]
    const others = {
      'RSA-OAEP-256': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
      'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      X25519: () => generateKeyPairSync('x25519'),
    }
    await expect(compactDecrypt(jwe, others[recipient]().privateKey)).rejects.toThrow()
    for (let i = 40; i < jwe.length; i += Math.ceil(jwe.length / 40)) {
      const changed = `${jwe.slice(0, i)}${jwe[i] === 'x' ? 'y' : 'x'}${jwe.slice(i + 1)}`
      await expect(compactDecrypt(changed, privateKey), `${i}`).rejects.toThrow()
    }
  })
})

describe(`in Python's ${jwcryptoTitle}`, () => {
  test.skipIf(!hasJwcrypto)('every kind of key opens for every kind of recipient', async () => {
    const cases = await Promise.all(
      keyAlgorithmNames.flatMap((name) =>
        recipientNames.map(async (recipient) => ({
          name: `${name} for ${recipient}`,
          expected: madeOf(name).pkcs8.toString('base64'),
          key: identityOf(recipient),
          jwe: await jweOf(madeOf(name), { recipient: recipientOf(recipient, 'ops-1') }),
        })),
      ),
    )
    const opened = openInJwcrypto(cases)
    const seen = cases.map(({ name }, i) => [name, opened[i]?.payload, opened[i]?.error])
    expect(seen).toEqual(cases.map(({ name, expected }) => [name, expected, undefined]))
    expect(opened[0]?.header).toMatchObject({ kid: 'ops-1', 'csr-foundry': { key: '1' } })
  })

  test.skipIf(!hasJwcrypto)('no other identity opens it', async () => {
    const { privateKey } = generateKeyPairSync('x25519')
    const jwe = await jweOf(madeOf('ed25519'), { recipient: recipientOf('X25519') })
    const [opened] = openInJwcrypto([{ jwe, key: privateKey.export({ format: 'jwk' }) }])
    expect(opened).toEqual({ error: 'InvalidJWEData' })
  })
})

describe('under a password', () => {
  // Of one algorithm, as 600,000 rounds take a quarter of a second each time; the tests of the whole export every algorithm.
  const name = 'ecdsa-p256'
  let pem: string
  beforeAll(async () => {
    pem = await pemOf(madeOf(name))
  })

  test('opens with it, and is the CSR’s', async () => {
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/)
    const { spki, algorithm } = await importPrivateKey(pem, { password })
    expect({ spki, algorithm }).toEqual({ spki: readCsr(madeOf(name).csr).spki, algorithm: name })
  })

  test('opens with no other', async () => {
    const other = importPrivateKey(pem, { password: 'another one' })
    await expect(other).rejects.toMatchObject({ code: 'wrong_password' })
  })

  test('opens in OpenSSL, which finds the public key of the CSR', () => {
    const one = madeOf(name)
    const openssl = (args: string[], input: string | Buffer) =>
      execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'] })
    const clear = openssl(['pkcs8', '-passin', `pass:${password}`], pem)
    const own = openssl(['pkey', '-pubout'], clear).toString()
    expect(own).toBe(openssl(['req', '-inform', 'DER', '-pubkey', '-noout'], one.csr).toString())
  })

  test('an uploaded key leaves as well', async () => {
    const { pkcs8, owner } = madeOf('ecdsa-p384')
    const sealed = Buffer.from(await sealUpload(publicKey, pkcs8, owner))
    const one = { ...madeOf('ecdsa-p384'), sealed }
    expect((await importPrivateKey(await pemOf(one), { password })).spki).toEqual(owner.spki)
    const jwe = await jweOf(one, { recipient: recipientOf('X25519') })
    const { plaintext } = await compactDecrypt(jwe, recipients.X25519.privateKey)
    expect(Buffer.from(plaintext)).toEqual(pkcs8)
  })
})

describe('what must not leave', () => {
  test('a key of internal custody, whatever the caller says of it', async () => {
    const { pkcs8, owner } = madeOf('ed25519')
    const internal = { ...owner, custody: 'internal' }
    const seals = {
      generated: await vault.seal(pkcs8, internal),
      uploaded: Buffer.from(await sealUpload(publicKey, pkcs8, internal)),
    }
    const to: ExportTo[] = [{ recipient: recipientOf('X25519') }, await underPassword(owner, '7')]
    for (const sealed of Object.values(seals)) {
      for (const reader of to) {
        const honest = vault.exportKey(sealed, internal, reader)
        expect(await codeOf(honest)).toBe('VaultError custody_internal')
        const lie = vault.exportKey(sealed, owner, reader)
        expect(await codeOf(lie)).toBe('VaultError sealed_damaged')
        const unknown = vault.exportKey(sealed, { ...owner, custody: '' }, reader)
        expect(await codeOf(unknown)).toBe('VaultError custody_internal')
      }
    }
  })

  test.each<[string, (owner: KeyOwner) => KeyOwner]>([
    ['tenant', (owner) => ({ ...owner, place: { ...owner.place, tenant: 'other' } })],
    ['key id', (owner) => ({ ...owner, keyId: '99' })],
    ['public key', (owner) => ({ ...owner, spki: madeOf('ecdsa-p384').owner.spki })],
  ])('a key that belongs to another %s', async (_, change) => {
    const { sealed, owner } = madeOf('ecdsa-p256')
    const other = change(owner)
    for (const to of [{ recipient: recipientOf('P-256') }, await underPassword(other, '7')]) {
      expect(await codeOf(vault.exportKey(sealed, other, to))).toBe('VaultError sealed_damaged')
    }
  })
})

describe('a sealed password', () => {
  test('does not show, and is for one export of one key of one tenant', async () => {
    const { sealed, owner } = madeOf('ecdsa-p256')
    const { sealedPassword } = await underPassword(owner, '7')
    expect(sealedPassword.split('.').map(decoded).join()).not.toContain('of 12')
    const of = exportOf(owner, '7')
    const others = [
      { ...of, tenant: 'other' },
      { ...of, keyId: '99' },
      { ...of, n: '8' },
    ]
    for (const other of others) {
      const given = await sealExportPassword(publicKey, password, other)
      const exporting = vault.exportKey(sealed, owner, { sealedPassword: given, n: '7' })
      expect(await codeOf(exporting)).toBe('VaultError sealed_damaged')
    }
    const replayed = vault.exportKey(sealed, owner, { sealedPassword, n: '8' })
    expect(await codeOf(replayed)).toBe('VaultError sealed_damaged')
    const own = vault.exportKey(sealed, owner, { sealedPassword, n: '7' })
    expect(await codeOf(own)).toBe('none')
  })

  test.each([
    ['typ', 'private-key'],
    ['typ', undefined],
    ['kid', '../masters'],
    ['export', undefined],
    ['tenant', undefined],
    ['spki', 'x'],
    ['enc', 'A128GCM'],
    ['alg', 'ECDH-ES+A256KW'],
  ])('with %s %s in its header does not open', async (name, value) => {
    const { sealed, owner } = madeOf('ecdsa-p256')
    const { kid, ...jwk } = publicKey
    const header = { ...exportPasswordHeader(kid, exportOf(owner, '7')), [name]: value }
    const sealedPassword = await new CompactEncrypt(Buffer.from(password))
      .setProtectedHeader(JSON.parse(JSON.stringify(header)))
      .encrypt(await importJWK(jwk, 'ECDH-ES'))
    const exporting = vault.exportKey(sealed, owner, { sealedPassword, n: '7' })
    expect(await codeOf(exporting)).toBe('VaultError sealed_damaged')
  })

  test('and an uploaded key do not pass for each other', async () => {
    const { sealed, owner, pkcs8 } = madeOf('ecdsa-p256')
    const upload = await sealUpload(publicKey, pkcs8, owner)
    const asPassword = vault.exportKey(sealed, owner, { sealedPassword: upload, n: '7' })
    expect(await codeOf(asPassword)).toBe('VaultError sealed_damaged')
    const { sealedPassword } = await underPassword(owner, '7')
    const asKey = vault.open(Buffer.from(sealedPassword), owner)
    expect(await codeOf(asKey)).toBe('VaultError sealed_damaged')
  })

  test('that was changed, cut, or is none does not open', async () => {
    const { sealed, owner } = madeOf('ecdsa-p256')
    const { sealedPassword } = await underPassword(owner, '7')
    const given = ['', 'ey', 'no password', sealedPassword.slice(0, -1), `${sealedPassword}A`]
    for (let i = 0; i < sealedPassword.length; i += 29) {
      const other = sealedPassword[i] === 'A' ? 'B' : 'A'
      given.push(`${sealedPassword.slice(0, i)}${other}${sealedPassword.slice(i + 1)}`)
    }
    for (const text of given) {
      const exporting = vault.exportKey(sealed, owner, { sealedPassword: text, n: '7' })
      // Where the change is in the id of the vault key, no such key is found.
      const refusal = /^VaultError (sealed_damaged|vault_key_unknown)$/
      expect(await codeOf(exporting), text).toMatch(refusal)
    }
  })
})

test('no error of an export shows the key or the password', async () => {
  const { sealed, owner, pkcs8 } = madeOf('ecdsa-p256')
  const to = await underPassword({ ...owner, keyId: '99' }, '7')
  const error = await vault.exportKey(sealed, owner, to).catch((thrown: Error) => thrown)
  const text = `${error} ${JSON.stringify(error)} ${(error as Error).stack}`
  for (const secret of [password, pkcs8.toString('base64').slice(0, 24)]) {
    expect(text).not.toContain(secret)
  }
})

const decoded = (part: string) => Buffer.from(part, 'base64url').toString('latin1')
