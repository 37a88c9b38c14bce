import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDer } from '../../src/der/der-reader.ts'
import {
  encryptPkcs8,
  exportPrivateKey,
  importPrivateKey,
  type KeyAlgorithmName,
  keyAlgorithms,
  toEncryptedPrivateKeyPem,
} from '../../src/index.ts'
import { hasOpenssl, noOpenssl } from '../openssl.ts'

const password = 'pässword: 12 „ok“ 🔑'

/**
 * A few, since what is encrypted is octets to it, and 600,000 rounds cost a quarter of a second each time. The tests of the whole
 * export and open every algorithm.
 */
const families = ['ecdsa-p256', 'ed25519', 'ml-dsa-65'] as const

type Made = { pkcs8: Buffer; spki: Buffer; encrypted: Buffer }
const made = new Map<KeyAlgorithmName, Made>()
beforeAll(async () => {
  for (const name of families) {
    const key = await keyAlgorithms[name].generate()
    const pkcs8 = exportPrivateKey(key)
    made.set(name, { pkcs8, spki: key.spki, encrypted: await encryptPkcs8(pkcs8, password) })
  }
})

function madeOf(name: KeyAlgorithmName): Made {
  const one = made.get(name)
  if (one === undefined) throw new Error(`no ${name}`)
  return one
}

it('opens in Node', () => {
  const { pkcs8, encrypted } = madeOf('ecdsa-p256')
  const key = toEncryptedPrivateKeyPem(encrypted)
  expect(exported(createPrivateKey({ key, passphrase: password }))).toEqual(
    exported(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })),
  )
})

it.each(families)('%s opens in importPrivateKey', async (name) => {
  const { spki, encrypted } = madeOf(name)
  const imported = await importPrivateKey(encrypted, { password })
  expect(imported).toMatchObject({ algorithm: name, spki })
})

it('another password does not open it, and nor does what was changed', async () => {
  const { encrypted } = madeOf('ecdsa-p256')
  const opened = (der: Buffer, given: string) =>
    importPrivateKey(der, { password: given }).then(
      () => 'opened',
      ({ name, code }) => `${name} ${code}`,
    )
  expect(await opened(encrypted, `${password}.`)).toBe('PrivateKeyError wrong_password')
  for (const at of [-1, -40]) {
    const changed = Buffer.from(encrypted)
    changed.writeUInt8(changed.readUInt8(changed.length + at) ^ 1, changed.length + at)
    expect(await opened(changed, password)).toMatch(/^PrivateKeyError /)
  }
})

it('is PBES2 of PBKDF2 with HMAC-SHA-256, 600,000 rounds and a salt of 16 octets, and of AES-256-CBC', () => {
  const { encrypted } = madeOf('ed25519')
  const [identifier] = readDer(encrypted).children
  const sixteenOctets = '0410.{32}'
  const expected = [
    ['3060', '06092a864886f70d01050d'], // PBES2
    ['3053', '3032', '06092a864886f70d01050c'], // PBKDF2
    ['3025', sixteenOctets, '02030927c0'], // its salt, 600,000
    ['300c', '06082a864886f70d0209', '0500'], // hmacWithSHA256, NULL
    ['301d', '060960864801650304012a', sixteenOctets], // aes256-CBC
  ]
  expect(identifier?.encoded.toString('hex')).toMatch(new RegExp(`^${expected.flat().join('')}$`))
})

it('draws salt and IV anew, takes octets for a password, and leaves what it was given', async () => {
  const { pkcs8 } = madeOf('ed25519')
  const before = Buffer.from(pkcs8)
  const octets = Buffer.from(password)
  const [one, other] = await Promise.all([
    encryptPkcs8(pkcs8, octets),
    encryptPkcs8(new Uint8Array(pkcs8), octets),
  ])
  expect(one).not.toEqual(other)
  expect({ pkcs8, text: octets.toString() }).toEqual({ pkcs8: before, text: password })
  for (const der of [one, other]) {
    expect((await importPrivateKey(der, { password })).algorithm).toBe('ed25519')
  }
})

it('derives beside the event loop', async () => {
  const { pkcs8 } = madeOf('ed25519')
  let turns = 0
  const turning = setInterval(() => turns++, 1)
  await encryptPkcs8(pkcs8, password)
  clearInterval(turning)
  expect(turns).toBeGreaterThan(5)
})

describe.runIf(hasOpenssl)(`in OpenSSL${hasOpenssl ? '' : ` (${noOpenssl})`}`, () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'csr-foundry-pkcs8-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const openssl = (args: string[], input: Buffer | string = '') =>
    execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'], cwd: folder })

  it('is opened by pkcs8 and pkey, and no other password does', () => {
    const { spki, encrypted } = madeOf('ecdsa-p256')
    const pem = toEncryptedPrivateKeyPem(encrypted)
    const clear = openssl(['pkcs8', '-passin', `pass:${password}`], pem)
    expect(openssl(['pkey', '-pubout', '-outform', 'DER'], clear)).toEqual(spki)
    const pkey = ['pkey', '-inform', 'DER', '-passin', `pass:${password}`]
    expect(openssl([...pkey, '-pubout', '-outform', 'DER'], encrypted)).toEqual(spki)
    expect(() => openssl(['pkcs8', '-passin', 'pass:another one'], pem)).toThrow()
  })

  // Debian 12's does not know ML-DSA: it derives and decrypts, and what comes out is the PKCS #8.
  it('an ML-DSA key is what kdf and enc give', () => {
    const { pkcs8, encrypted } = madeOf('ml-dsa-65')
    const [identifier, data] = readDer(encrypted).children
    const [derivation, cipher] = identifier?.children[1]?.children ?? []
    const salt = derivation?.children[1]?.children[0]?.content.toString('hex')
    const iv = cipher?.children[1]?.content.toString('hex') ?? ''
    const options = ['digest:SHA256', `pass:${password}`, `hexsalt:${salt}`, 'iter:600000']
    const kdf = ['kdf', '-keylen', '32', ...options.flatMap((option) => ['-kdfopt', option])]
    const key = openssl([...kdf, 'PBKDF2'])
      .toString()
      .replace(/[:\s]/g, '')
    const enc = ['enc', '-d', '-aes-256-cbc', '-K', key, '-iv', iv]
    expect(openssl(enc, data?.content)).toEqual(pkcs8)
  })
})

const exported = (key: ReturnType<typeof createPrivateKey>) =>
  key.export({ format: 'der', type: 'pkcs8' })
