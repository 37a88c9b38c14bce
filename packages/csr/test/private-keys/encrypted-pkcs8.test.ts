import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { integer, octetString, oid, sequence } from '../../src/der/der-writer.ts'
import { type ImportOptions, importPrivateKey } from '../../src/private-keys/import-private-key.ts'
import { PrivateKeyError } from '../../src/private-keys/private-key-error.ts'
import { integerOf, mutate, seeded } from '../keys/key-material.ts'
import { hasOpenssl } from '../openssl.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const spki = publicKey.export({ type: 'spki', format: 'der' })
const clear = privateKey.export({ type: 'pkcs8', format: 'pem' })

const openssl = (...args: string[]) =>
  execFileSync('openssl', ['pkcs8', '-topk8', '-passout', 'pass:pässword', ...args], {
    input: clear,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
const encrypted = privateKey.export({
  type: 'pkcs8',
  format: 'der',
  cipher: 'aes-256-cbc',
  passphrase: 'pässword',
})

async function refused(input: Buffer | string, options: ImportOptions): Promise<PrivateKeyError> {
  const error = await importPrivateKey(input, options).catch((reason: unknown) => reason)
  if (error instanceof PrivateKeyError) return error
  throw new Error('it was taken, or another error', { cause: error })
}

describe.runIf(hasOpenssl)('as OpenSSL writes them', () => {
  it.each([
    ...['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des3'].map((cipher) => ['-v2', cipher]),
    ...[1, 224, 256, 384, 512].map((n) => ['-v2', 'aes-128-cbc', '-v2prf', `hmacWithSHA${n}`]),
    ['-v2', 'aes-256-cbc', '-iter', '100000'],
    ['-v2', 'aes-256-cbc', '-scrypt'],
    ['-v2', 'aes-256-cbc', '-scrypt', '-scrypt_N', '1024', '-scrypt_r', '4', '-scrypt_p', '3'],
  ])('%s %s %s %s', async (...args) => {
    const pem = openssl(...args.filter((arg) => arg !== undefined))
    for (const password of ['pässword', Buffer.from('pässword')]) {
      const imported = await importPrivateKey(pem, { password })
      expect(imported).toMatchObject({ algorithm: 'ed25519', spki })
      expect(password.toString()).toBe('pässword')
    }
    expect((await refused(pem, { password: 'password' })).code).toBe('wrong_password')
  })

  it('PBES1 is refused with the command that converts it', async () => {
    const error = await refused(openssl('-v1', 'PBE-SHA1-3DES'), { password: 'pässword' })
    expect(error.code).toBe('unsupported_form')
    expect(error.message).toMatch(/openssl pkcs8 -topk8 -v2 aes-256-cbc/)
  })
})

it('DER is opened as PEM is; without a password it is asked for', async () => {
  expect((await importPrivateKey(encrypted, { password: 'pässword' })).spki).toEqual(spki)
  expect((await refused(encrypted, {})).code).toBe('password_needed')
  expect((await refused(encrypted, { password: '' })).code).toBe('wrong_password')
})

describe('what a stranger wrote', () => {
  const salt = octetString(Buffer.alloc(8))
  const aes = sequence([oid('2.16.840.1.101.3.4.1.42'), octetString(Buffer.alloc(16))])
  const kdf = (algorithm: string, ...parameters: Buffer[]) =>
    sequence([oid(algorithm), sequence(parameters)])
  const pbkdf2 = (rounds: bigint, ...more: Buffer[]) =>
    kdf('1.2.840.113549.1.5.12', salt, integerOf(rounds), ...more)
  const scrypt = (n: bigint, r: bigint, p: bigint) =>
    kdf('1.3.6.1.4.1.11591.4.11', salt, integerOf(n), integerOf(r), integerOf(p))
  const file = (derivation: Buffer, cipher = aes, data = Buffer.alloc(48)) =>
    sequence([
      sequence([oid('1.2.840.113549.1.5.13'), sequence([derivation, cipher])]),
      octetString(data),
    ])

  it.each<[string, Buffer, string]>([
    ['a thousand million rounds', file(pbkdf2(10n ** 9n)), 'too_costly'],
    ['2^200 rounds', file(pbkdf2(1n << 200n)), 'too_costly'],
    ['1,000,001 rounds', file(pbkdf2(1_000_001n)), 'too_costly'],
    ['no rounds', file(pbkdf2(0n)), 'malformed_der'],
    ['a length that is not the cipher’s', file(pbkdf2(1000n, integer(16))), 'malformed_der'],
    [
      'a digest that is not known',
      file(pbkdf2(1000n, sequence([oid('1.2.3.4')]))),
      'unsupported_form',
    ],
    ['scrypt with 2^30', file(scrypt(1n << 30n, 8n, 1n)), 'too_costly'],
    ['scrypt with large blocks', file(scrypt(2n, 1n << 24n, 1n)), 'too_costly'],
    ['scrypt with many lanes', file(scrypt(1024n, 8n, 1n << 20n)), 'too_costly'],
    ['scrypt with more work than memory', file(scrypt(32768n, 15n, 16n)), 'too_costly'],
    ['scrypt with 1000', file(scrypt(1000n, 8n, 1n)), 'malformed_der'],
    ['scrypt with 1', file(scrypt(1n, 8n, 1n)), 'malformed_der'],
    ['another derivation', file(kdf('1.2.3.4')), 'unsupported_form'],
    ['another cipher', file(pbkdf2(1n), kdf('1.2.3.4')), 'unsupported_form'],
    ['AES-GCM', file(pbkdf2(1n), kdf('2.16.840.1.101.3.4.1.46', salt)), 'unsupported_form'],
    [
      'a short IV',
      file(pbkdf2(1n), sequence([oid('2.16.840.1.101.3.4.1.42'), salt])),
      'malformed_der',
    ],
    ['half a block', file(pbkdf2(1n), aes, Buffer.alloc(40)), 'malformed_der'],
    ['no data', file(pbkdf2(1n), aes, Buffer.of()), 'wrong_password'],
    ['another scheme', sequence([sequence([oid('1.2.3.4')]), salt]), 'unsupported_form'],
    [
      'a salt of 2 KiB',
      file(kdf('1.2.840.113549.1.5.12', octetString(Buffer.alloc(2048)), integer(1))),
      'malformed_der',
    ],
  ])('%s', async (_, input, code) => {
    const start = performance.now()
    expect((await refused(input, { password: 'a' })).code).toBe(code)
    expect(performance.now() - start).toBeLessThan(500)
  })

  it('the limits are the caller’s to set', async () => {
    const options = { password: 'a', maxRounds: 10, maxScryptMemory: 1024 * 1024 }
    expect((await refused(file(pbkdf2(11n)), options)).code).toBe('too_costly')
    expect((await refused(file(pbkdf2(10n)), options)).code).toBe('wrong_password')
    expect((await refused(file(scrypt(1024n, 8n, 1n)), options)).code).toBe('too_costly')
    expect((await refused(file(scrypt(512n, 8n, 1n)), options)).code).toBe('wrong_password')
  })

  it('damage ends with PrivateKeyError', async () => {
    const random = seeded(5)
    for (let i = 0; i < 500; i++) {
      const options = { password: 'pässword', maxRounds: 3000, maxScryptMemory: 1 << 20 }
      const result = await importPrivateKey(mutate(encrypted, random), options).catch((e) => e)
      if (result instanceof Error) expect(result).toBeInstanceOf(PrivateKeyError)
    }
  })
})
