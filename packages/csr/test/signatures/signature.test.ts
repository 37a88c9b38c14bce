import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nullValue, oid, sequence, tagged } from '../../src/der/der-writer.ts'
import { keyAlgorithmNames, keyAlgorithms } from '../../src/keys/key-algorithms.ts'
import { findingKinds } from '../../src/lint/finding-kinds.ts'
import { checkSignature } from '../../src/signatures/signature.ts'
import type { SignatureParts } from '../../src/signatures/verify-signature.ts'
import { integerOf, mutate, seeded, testRsaPem } from '../keys/key-material.ts'
import { hex } from '../tlv.ts'

const toBeSigned = Buffer.from('what is signed')
const spkiOfKey = (key: KeyObject) => createPublicKey(key).export({ type: 'spki', format: 'der' })

const rsa = createPrivateKey(testRsaPem(2048))
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
const ed = generateKeyPairSync('ed25519').privateKey

function check(parts: SignatureParts) {
  return findings(parts).map(({ code }) => code)
}

function findings(parts: SignatureParts) {
  const found: { code: string; message: string }[] = []
  checkSignature(parts, (code, pointer, message) => {
    expect(pointer).toBe('/signature')
    expect(message).toMatch(/^[A-Zr].*\.$/)
    expect(findingKinds[code].source).not.toBe('')
    found.push({ code, message })
  })
  return found
}

const identifier = (algorithm: string, parameters?: Buffer) =>
  sequence([oid(algorithm), ...(parameters === undefined ? [] : [parameters])])

function signed(key: KeyObject, digest: string | null, algorithm: Buffer) {
  const signature = sign(digest, toBeSigned, key)
  return { signatureAlgorithm: algorithm, signature, toBeSigned, spki: spkiOfKey(key) }
}

const rsaSha256 = identifier('1.2.840.113549.1.1.11', nullValue)
const ecdsaSha256 = identifier('1.2.840.10045.4.3.2')
const mlDsa65 = identifier('2.16.840.1.101.3.4.3.18')
const goodRsa = signed(rsa, 'sha256', rsaSha256)
const goodEcdsa = signed(p256, 'sha256', ecdsaSha256)

describe('a signature without a fault', () => {
  it.each(keyAlgorithmNames.filter((name) => !/^rsa-[34]/.test(name)))('%s', async (name) => {
    const { signatureAlgorithms, sign: make, generate } = keyAlgorithms[name]
    const { privateKey, spki } = await generate()
    for (const [digest, signatureAlgorithm] of signatureAlgorithms) {
      const signature = make(privateKey, digest, toBeSigned)
      const found = check({ signatureAlgorithm, signature, toBeSigned, spki })
      expect(found).toEqual([])
    }
  })
})

describe('a digest that CAs refuse does not hide that the signature is good', () => {
  it.each<[string, SignatureParts, string[]]>([
    [
      'MD5',
      signed(rsa, 'md5', identifier('1.2.840.113549.1.1.4', nullValue)),
      ['signature_digest_weak'],
    ],
    [
      'SHA-1',
      signed(rsa, 'sha1', identifier('1.2.840.113549.1.1.5', nullValue)),
      ['signature_digest_weak'],
    ],
    [
      'SHA-1 of OIW',
      signed(rsa, 'sha1', identifier('1.3.14.3.2.29', nullValue)),
      ['signature_digest_weak'],
    ],
    [
      'SHA-224',
      signed(rsa, 'sha224', identifier('1.2.840.113549.1.1.14', nullValue)),
      ['signature_digest_short'],
    ],
    [
      'SHA-512/256',
      signed(rsa, 'sha512-256', identifier('1.2.840.113549.1.1.16', nullValue)),
      ['signature_digest_unusual'],
    ],
    [
      'SHA3-256',
      signed(rsa, 'sha3-256', identifier('2.16.840.1.101.3.4.3.14', nullValue)),
      ['signature_digest_unusual'],
    ],
    [
      'ECDSA with SHA-1',
      signed(p256, 'sha1', identifier('1.2.840.10045.4.1')),
      ['signature_digest_weak'],
    ],
    [
      'ECDSA with SHA3-384',
      signed(p384, 'sha3-384', identifier('2.16.840.1.101.3.4.3.11')),
      ['signature_digest_unusual'],
    ],
    ['P-384 with SHA-256', signed(p384, 'sha256', ecdsaSha256), ['signature_digest_curve']],
    ['Ed448', signed(generateKeyPairSync('ed448').privateKey, null, identifier('1.3.101.113')), []],
  ])('%s', (_, parts, codes) => {
    expect(check(parts)).toEqual(codes)
  })

  it('MD2 is not to be had: the digest is reported and the signature not tried', () => {
    const parts = { ...goodRsa, signatureAlgorithm: identifier('1.2.840.113549.1.1.2', nullValue) }
    expect(check(parts)).toEqual(['signature_digest_weak', 'signature_not_checked'])
  })
})

describe('parameters', () => {
  it.each<[string, SignatureParts, string]>([
    [
      'RSA without NULL',
      { ...goodRsa, signatureAlgorithm: identifier('1.2.840.113549.1.1.11') },
      'signature_parameters_not_null',
    ],
    [
      'RSA with a sequence',
      { ...goodRsa, signatureAlgorithm: identifier('1.2.840.113549.1.1.11', hex('3000')) },
      'signature_parameters_not_null',
    ],
    [
      'ECDSA with NULL',
      { ...goodEcdsa, signatureAlgorithm: identifier('1.2.840.10045.4.3.2', nullValue) },
      'signature_parameters_present',
    ],
    [
      'Ed25519 with NULL',
      signed(ed, null, identifier('1.3.101.112', nullValue)),
      'signature_parameters_present',
    ],
  ])('%s, and still it verifies', (_, parts, code) => {
    expect(check(parts)).toEqual([code])
  })
})

describe('RSASSA-PSS', () => {
  const sha256 = identifier('2.16.840.1.101.3.4.2.1', nullValue)
  const mgf = (digest: Buffer) => identifier('1.2.840.113549.1.1.8', digest)
  const pss = (hash: Buffer, mask: Buffer, salt: number) =>
    identifier(
      '1.2.840.113549.1.1.10',
      sequence([tagged(0, [hash]), tagged(1, [mgf(mask)]), tagged(2, [integerOf(BigInt(salt))])]),
    )
  const make = (digest: string, saltLength: number, key = rsa) =>
    sign(digest, toBeSigned, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })
  const parts = { ...goodRsa, signature: make('sha256', 32) }

  it.each<[string, SignatureParts, string[]]>([
    ['with one digest', { ...parts, signatureAlgorithm: pss(sha256, sha256, 32) }, []],
    [
      'with a short salt',
      { ...parts, signature: make('sha256', 20), signatureAlgorithm: pss(sha256, sha256, 20) },
      ['signature_pss_parameters'],
    ],
    [
      'with two digests',
      { ...parts, signatureAlgorithm: pss(sha256, identifier('1.3.14.3.2.26'), 32) },
      ['signature_pss_parameters', 'signature_not_checked'],
    ],
    [
      'without parameters',
      { ...parts, signatureAlgorithm: identifier('1.2.840.113549.1.1.10') },
      ['signature_pss_parameters', 'signature_not_checked'],
    ],
    [
      'with another salt than it says',
      { ...parts, signatureAlgorithm: pss(sha256, sha256, 20) },
      ['signature_pss_parameters', 'signature_invalid'],
    ],
    [
      'with all defaults: SHA-1',
      {
        ...parts,
        signature: make('sha1', 20),
        signatureAlgorithm: identifier('1.2.840.113549.1.1.10', hex('3000')),
      },
      ['signature_digest_weak'],
    ],
  ])('%s', (_, given, codes) => {
    expect(check(given)).toEqual(['signature_rsa_pss', ...codes])
  })

  it('with a key that is bound to it', () => {
    const key = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
    const signature = make('sha256', 32, key)
    const found = check({
      ...parts,
      signature,
      signatureAlgorithm: pss(sha256, sha256, 32),
      spki: spkiOfKey(key),
    })
    expect(found).toEqual(['signature_rsa_pss'])
  })
})

describe('ECDSA values', () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const value = (r: Buffer, s: Buffer) => ({ ...goodEcdsa, signature: sequence([r, s]) })
  const one = integerOf(1n)

  it('r and s one after the other is named, and verified', () => {
    const signature = sign('sha256', toBeSigned, { key: p256, dsaEncoding: 'ieee-p1363' })
    const found = check({ ...goodEcdsa, signature })
    expect(found).toEqual(['signature_ecdsa_raw'])
  })

  it.each<[string, SignatureParts, string]>([
    [
      'a third number',
      { ...goodEcdsa, signature: sequence([one, one, one]) },
      'signature_ecdsa_malformed',
    ],
    ['no DER', { ...goodEcdsa, signature: Buffer.alloc(70) }, 'signature_ecdsa_malformed'],
    [
      'bytes after it',
      { ...goodEcdsa, signature: Buffer.concat([goodEcdsa.signature, Buffer.of(0)]) },
      'signature_ecdsa_malformed',
    ],
    ['an octet too many', value(hex('02020001'), one), 'signature_ecdsa_malformed'],
    ['r = 0', value(integerOf(0n), one), 'signature_ecdsa_range'],
    ['s = the order', value(one, integerOf(order)), 'signature_ecdsa_range'],
    ['r negative', value(hex('0201ff'), one), 'signature_ecdsa_range'],
    ['r far too long', value(integerOf(1n << 4000n), one), 'signature_ecdsa_range'],
  ])('%s', (_, parts, code) => {
    const found = check(parts)
    expect(found[0]).toBe(code)
    expect(found[1]).toMatch(/^signature_(invalid|not_checked)$/)
  })
})

describe('what does not fit', () => {
  it.each<[string, SignatureParts, string[]]>([
    [
      'an algorithm that is no sequence',
      { ...goodRsa, signatureAlgorithm: hex('0500') },
      ['signature_algorithm_malformed'],
    ],
    [
      'an algorithm that is not known',
      { ...goodRsa, signatureAlgorithm: identifier('1.2.3.4') },
      ['signature_algorithm_unknown'],
    ],
    [
      'ECDSA with an RSA key',
      { ...goodRsa, signatureAlgorithm: ecdsaSha256 },
      ['signature_algorithm_mismatch'],
    ],
    [
      'RSA with an EC key',
      { ...goodEcdsa, signatureAlgorithm: rsaSha256 },
      ['signature_algorithm_mismatch'],
    ],
    ['another data', { ...goodRsa, toBeSigned: Buffer.from('another') }, ['signature_invalid']],
    [
      'a short RSA signature',
      { ...goodRsa, signature: goodRsa.signature.subarray(1) },
      ['signature_length', 'signature_invalid'],
    ],
    [
      'a short Ed25519 signature',
      { ...signed(ed, null, identifier('1.3.101.112')), signature: Buffer.alloc(63) },
      ['signature_length', 'signature_invalid'],
    ],
    ['a key that cannot be read', { ...goodRsa, spki: Buffer.of(1) }, []],
    [
      'another digest than it was made with',
      { ...goodRsa, signatureAlgorithm: identifier('1.2.840.113549.1.1.12', nullValue) },
      ['signature_invalid'],
    ],
  ])('%s', (_, parts, codes) => {
    expect(check(parts)).toEqual(codes)
  })

  it.each<[string, SignatureParts, RegExp]>([
    [
      'ECDSA with an RSA key',
      { ...goodRsa, signatureAlgorithm: ecdsaSha256 },
      /a key of the kind EC is needed; the key is of the kind RSA\./,
    ],
    [
      'ML-DSA-65 with an ML-DSA-44 key',
      signed(generateKeyPairSync('ml-dsa-44').privateKey, null, mlDsa65),
      /a key of the kind ML-DSA-65 is needed; the key is of the kind ML-DSA-44\./,
    ],
  ])('both kinds are named: %s', (_, parts, message) => {
    expect(findings(parts)[0]?.message).toMatch(message)
  })

  it.each<[string, SignatureParts, RegExp]>([
    [
      'a key that is not computed with',
      signed(
        generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).privateKey,
        'sha256',
        ecdsaSha256,
      ),
      /the key has a fault or a size with which nothing is computed here; make another/,
    ],
    [
      'no digest',
      { ...goodRsa, signatureAlgorithm: identifier('1.2.840.113549.1.1.10') },
      /its parameters name no digest that is known here; name sha256/,
    ],
    [
      'a digest that OpenSSL has not',
      { ...goodRsa, signatureAlgorithm: identifier('1.2.840.113549.1.1.2', nullValue) },
      /OpenSSL takes no such key or digest; use others/,
    ],
  ])('why it is not verified is told: %s', (_, parts, reason) => {
    const { message } = findings(parts).find(({ code }) => code === 'signature_not_checked') ?? {}
    expect(message).toMatch(reason)
    expect(message).toMatch(/, or check it with another program\.$/)
  })

  it('DSA is reported and not verified', () => {
    const { privateKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })
    const parts = signed(privateKey, 'sha256', identifier('2.16.840.1.101.3.4.3.2'))
    expect(check(parts)).toEqual(['signature_algorithm_obsolete'])
  })

  it('a curve that a stranger wrote out is never computed with', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' })
    const found = check(signed(pair.privateKey, 'sha256', ecdsaSha256))
    expect(found).toEqual(['signature_not_checked'])
  })
})

it('thousands of damaged signatures, algorithms and keys are read without an error', () => {
  const random = seeded(3)
  for (let i = 0; i < 2000; i++) {
    const parts: SignatureParts = { ...(i % 2 === 0 ? goodRsa : goodEcdsa) }
    const field = (['signatureAlgorithm', 'signature', 'spki'] as const)[i % 3] ?? 'spki'
    parts[field] = mutate(parts[field], random)
    expect(() => checkSignature(parts, () => {})).not.toThrow()
  }
})
