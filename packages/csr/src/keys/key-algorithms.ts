import { generateKeyPair, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { encode, nullValue, oid, sequence } from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'

/** Names of the key algorithms, as a spec says them. */
export type KeyAlgorithmName = 'rsa-2048' | 'rsa-3072' | 'ecdsa-p256'

/** Names of the digests that a signature can be made over. */
export type DigestName = 'sha256' | 'sha384' | 'sha512'

/** A new key pair; `spki` is the public key as DER (SubjectPublicKeyInfo). */
export type GeneratedKey = { publicKey: KeyObject; privateKey: KeyObject; spki: Buffer }

/** All that is known about one key algorithm. */
export type KeyAlgorithm = {
  name: KeyAlgorithmName
  /** The queue its generation belongs in: `slow` is RSA. */
  lane: 'fast' | 'slow'
  /** CPU time to generate one key, in milliseconds. */
  typicalMs: number
  defaultDigest: DigestName
  /** The digests it signs with, each with the DER of the signature's AlgorithmIdentifier. */
  digests: ReadonlyMap<DigestName, Buffer>
  /** What every SubjectPublicKeyInfo of it starts and ends with, and its length in bytes. */
  spki: { prefix: Buffer; suffix: Buffer; length: number }
  /**
   * RSA runs on libuv's thread pool and gives a promise; EC takes less time than a promise's way
   * there.
   */
  generate: () => GeneratedKey | Promise<GeneratedKey>
  /** The signature as it stands in a CSR: PKCS #1 v1.5, or DER SEQUENCE(r, s). */
  sign: (privateKey: KeyObject, digest: DigestName, data: Buffer) => Buffer
  verify: (publicKey: KeyObject, digest: DigestName, data: Buffer, signature: Buffer) => boolean
}

/**
 * The key algorithms: adding one is adding its name and its row. RSA: RFC 8017, RFC 4055 (signature
 * parameters NULL). ECDSA: RFC 5480, RFC 5758 (signature parameters absent), RFC 8813.
 */
export const keyAlgorithms: Readonly<Record<KeyAlgorithmName, KeyAlgorithm>> = {
  'rsa-2048': {
    name: 'rsa-2048',
    ...rsa(2048),
    typicalMs: 60,
    spki: {
      prefix: hex('30820122 300d06092a864886f70d0101010500 0382010f00 3082010a 0282010100'),
      suffix: hex('0203010001'),
      length: 294,
    },
  },
  'rsa-3072': {
    name: 'rsa-3072',
    ...rsa(3072),
    typicalMs: 150,
    spki: {
      prefix: hex('308201a2 300d06092a864886f70d0101010500 0382018f00 3082018a 0282018100'),
      suffix: hex('0203010001'),
      length: 422,
    },
  },
  'ecdsa-p256': {
    name: 'ecdsa-p256',
    ...ecdsa('P-256'),
    typicalMs: 0.1,
    defaultDigest: 'sha256',
    digests: new Map([['sha256', ecdsaSignature('1.2.840.10045.4.3.2')]]),
    spki: {
      prefix: hex('3059 301306072a8648ce3d020106082a8648ce3d030107 034200 04'),
      suffix: hex(''),
      length: 91,
    },
  },
}

/** Names of all key algorithms. */
export const keyAlgorithmNames = Object.keys(keyAlgorithms) as KeyAlgorithmName[]

/** Names of all digests. */
export const digestNames: readonly DigestName[] = ['sha256', 'sha384', 'sha512']

/**
 * Whether DER is a SubjectPublicKeyInfo of the algorithm: size, parameters, named curve and
 * uncompressed point, exponent 65537.
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
 * The private key as PKCS #8 DER (RFC 5958), in the clear. The caller seals it and then wipes
 * the buffer (`fill(0)`); nobody else ever holds it.
 */
export function exportPrivateKey(key: GeneratedKey): Buffer {
  return key.privateKey.export({ type: 'pkcs8', format: 'der' })
}

function rsa(modulusLength: number) {
  return {
    lane: 'slow',
    defaultDigest: 'sha256',
    digests: new Map([
      ['sha256', rsaSignature('1.2.840.113549.1.1.11')],
      ['sha384', rsaSignature('1.2.840.113549.1.1.12')],
      ['sha512', rsaSignature('1.2.840.113549.1.1.13')],
    ]),
    generate: () => generateRsa(modulusLength),
    sign: (privateKey, digest, data) => sign(digest, data, privateKey),
    verify: (publicKey, digest, data, signature) => verify(digest, data, publicKey, signature),
  } satisfies Partial<KeyAlgorithm>
}

function ecdsa(namedCurve: string) {
  return {
    lane: 'fast',
    generate: () => withSpki(generateKeyPairSync('ec', { namedCurve, paramEncoding: 'named' })),
    sign: (privateKey, digest, data) => sign(digest, data, { key: privateKey, dsaEncoding: 'der' }),
    verify: (publicKey, digest, data, signature) =>
      verify(digest, data, { key: publicKey, dsaEncoding: 'der' }, signature),
  } satisfies Partial<KeyAlgorithm>
}

// The callback form, on the thread pool: RSA generation must never hold an event loop.
function generateRsa(modulusLength: number): Promise<GeneratedKey> {
  return new Promise((resolve, reject) => {
    generateKeyPair(
      'rsa',
      { modulusLength, publicExponent: 65537 },
      (cause, publicKey, privateKey) => {
        if (cause === null) resolve(withSpki({ publicKey, privateKey }))
        else reject(new CsrError('key_generation_failed', 'No RSA key could be made.', { cause }))
      },
    )
  })
}

function withSpki(pair: { publicKey: KeyObject; privateKey: KeyObject }): GeneratedKey {
  return { ...pair, spki: pair.publicKey.export({ type: 'spki', format: 'der' }) }
}

function rsaSignature(algorithm: string): Buffer {
  return encode(sequence([oid(algorithm), nullValue]))
}

function ecdsaSignature(algorithm: string): Buffer {
  return encode(sequence([oid(algorithm)]))
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}
