import { CsrError } from '../errors.ts'
import type { DigestName, GeneratedKey, KeyAlgorithm, KeyAlgorithmName } from './key-algorithm.ts'
import { ecdsa, ed25519, mlDsa, rsa } from './key-families.ts'

export type { DigestName, GeneratedKey, KeyAlgorithm, KeyAlgorithmName } from './key-algorithm.ts'

/**
 * The key algorithms: adding one is adding its name and its row. RSA: RFC 8017, RFC 4055. ECDSA:
 * RFC 5480, RFC 5758, RFC 8813. Ed25519: RFC 8410. ML-DSA: RFC 9881.
 *
 * @example
 * ```ts
 * keyAlgorithms['rsa-4096'].lane // => "slow"
 * ```
 */
export const keyAlgorithms: Readonly<Record<KeyAlgorithmName, KeyAlgorithm>> = {
  'rsa-2048': {
    name: 'rsa-2048',
    ...rsa(2048),
    typicalMs: 80,
    spki: {
      prefix: hex('30820122 300d06092a864886f70d0101010500 0382010f00 3082010a 0282010100'),
      suffix: hex('0203010001'),
      length: 294,
    },
  },
  'rsa-3072': {
    name: 'rsa-3072',
    ...rsa(3072),
    typicalMs: 275,
    spki: {
      prefix: hex('308201a2 300d06092a864886f70d0101010500 0382018f00 3082018a 0282018100'),
      suffix: hex('0203010001'),
      length: 422,
    },
  },
  'rsa-4096': {
    name: 'rsa-4096',
    ...rsa(4096),
    typicalMs: 800,
    spki: {
      prefix: hex('30820222 300d06092a864886f70d0101010500 0382020f00 3082020a 0282020100'),
      suffix: hex('0203010001'),
      length: 550,
    },
  },
  'ecdsa-p256': {
    name: 'ecdsa-p256',
    ...ecdsa('P-256', 'sha256', '1.2.840.10045.4.3.2', 32),
    typicalMs: 0.25,
    spki: {
      prefix: hex('3059 301306072a8648ce3d020106082a8648ce3d030107 034200 04'),
      suffix: hex(''),
      length: 91,
    },
  },
  'ecdsa-p384': {
    name: 'ecdsa-p384',
    ...ecdsa('P-384', 'sha384', '1.2.840.10045.4.3.3', 48),
    typicalMs: 3,
    spki: {
      prefix: hex('3076 301006072a8648ce3d020106052b81040022 036200 04'),
      suffix: hex(''),
      length: 120,
    },
  },
  'ecdsa-p521': {
    name: 'ecdsa-p521',
    ...ecdsa('P-521', 'sha512', '1.2.840.10045.4.3.4', 66),
    typicalMs: 8,
    spki: {
      prefix: hex('30819b 301006072a8648ce3d020106052b81040023 03818600 04'),
      suffix: hex(''),
      length: 158,
    },
  },
  ed25519: {
    name: 'ed25519',
    ...ed25519(),
    typicalMs: 0.2,
    spki: { prefix: hex('302a 300506032b6570 032100'), suffix: hex(''), length: 44 },
  },
  'ml-dsa-44': {
    name: 'ml-dsa-44',
    ...mlDsa('ml-dsa-44', '2.16.840.1.101.3.4.3.17', 2420),
    typicalMs: 1.5,
    spki: {
      prefix: hex('30820532 300b0609608648016503040311 0382052100'),
      suffix: hex(''),
      length: 1334,
    },
  },
  'ml-dsa-65': {
    name: 'ml-dsa-65',
    ...mlDsa('ml-dsa-65', '2.16.840.1.101.3.4.3.18', 3309),
    typicalMs: 2.5,
    spki: {
      prefix: hex('308207b2 300b0609608648016503040312 038207a100'),
      suffix: hex(''),
      length: 1974,
    },
  },
  'ml-dsa-87': {
    name: 'ml-dsa-87',
    ...mlDsa('ml-dsa-87', '2.16.840.1.101.3.4.3.19', 4627),
    typicalMs: 3,
    spki: {
      prefix: hex('30820a32 300b0609608648016503040313 03820a2100'),
      suffix: hex(''),
      length: 2614,
    },
  },
}

/**
 * Names of all key algorithms.
 *
 * @example
 * ```ts
 * keyAlgorithmNames.length // => 10
 * ```
 */
export const keyAlgorithmNames = Object.keys(keyAlgorithms) as KeyAlgorithmName[]

/**
 * Names of all digests.
 *
 * @example
 * ```ts
 * digestNames // => ['sha256', 'sha384', 'sha512']
 * ```
 */
export const digestNames: readonly DigestName[] = ['sha256', 'sha384', 'sha512']

/**
 * Whether DER is a SubjectPublicKeyInfo of the algorithm: size, parameters, named curve and
 * uncompressed point, exponent 65537. The point or modulus itself is looked at by
 * `checkPublicKey`.
 *
 * @example
 * ```ts
 * checkSpki(keyAlgorithms.ed25519, (await keyAlgorithms.ed25519.generate()).spki) // => undefined
 * checkSpki(keyAlgorithms.ed25519, Buffer.of(0x30, 0)) // => "is not the public key of an ed25519 key"
 * ```
 */
export function checkSpki(algorithm: KeyAlgorithm, spki: Buffer): string | undefined {
  const { prefix, suffix, length } = algorithm.spki
  const fits =
    spki.length === length &&
    spki.subarray(0, prefix.length).equals(prefix) &&
    spki.subarray(length - suffix.length).equals(suffix)
  return fits ? undefined : `is not the public key of an ${algorithm.name} key`
}

/**
 * The algorithm of which DER is a SubjectPublicKeyInfo, in the sense of `checkSpki`; undefined
 * for any other bytes.
 *
 * @example
 * ```ts
 * keyAlgorithmOfSpki((await keyAlgorithms['ml-dsa-44'].generate()).spki) // => "ml-dsa-44"
 * keyAlgorithmOfSpki(Buffer.of(0x30, 0)) // => undefined
 * ```
 */
export function keyAlgorithmOfSpki(spki: Buffer): KeyAlgorithmName | undefined {
  return keyAlgorithmNames.find((name) => checkSpki(keyAlgorithms[name], spki) === undefined)
}

/**
 * The private key as PKCS #8 DER (RFC 5958), in the clear; for ML-DSA in the form that has the
 * 32-octet seed alone (RFC 9881 section 6). The caller seals it and then wipes the buffer
 * (`fill(0)`); nobody else ever holds it.
 *
 * @throws CsrError unsupported if the key is none of the table's algorithms, or an ML-DSA key
 * without its seed
 *
 * @example
 * ```ts
 * exportPrivateKey(await keyAlgorithms.ed25519.generate()).length // => 48
 * exportPrivateKey(await keyAlgorithms['ml-dsa-87'].generate()).length // => 54
 * ```
 */
export function exportPrivateKey(key: GeneratedKey): Buffer {
  const name = keyAlgorithmOfSpki(key.spki)
  if (name !== undefined) return keyAlgorithms[name].exportPrivateKey(key.privateKey)
  throw new CsrError('unsupported', 'The key is of an algorithm that is not written here.')
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}
