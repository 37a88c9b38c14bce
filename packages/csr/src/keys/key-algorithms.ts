import type { KeyObject } from 'node:crypto'
import type { UsualCurveName } from './ec-curves.ts'
import { ecdsa, ed25519, mlDsa, rsa } from './key-families.ts'

/** Names of the key algorithms, as a spec says them. */
export type KeyAlgorithmName =
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'ecdsa-p256'
  | 'ecdsa-p384'
  | 'ecdsa-p521'
  | 'ed25519'
  | 'ml-dsa-44'
  | 'ml-dsa-65'
  | 'ml-dsa-87'

/** Names of the digests that a signature can be made over. */
export type DigestName = 'sha256' | 'sha384' | 'sha512'

/** A key pair; `spki` is the public key as DER (SubjectPublicKeyInfo). */
export type KeyPair = { publicKey: KeyObject; privateKey: KeyObject; spki: Buffer }

/**
 * A new key pair with its private key as PKCS #8 DER, in the clear: whoever made it wipes that (`fill(0)`). Of an EC or Ed25519
 * key `spki` is taken from the private key itself.
 */
export type GeneratedKey = KeyPair & { pkcs8: Buffer }

/** All that is known about one key algorithm. */
export type KeyAlgorithm = { name: KeyAlgorithmName } & KeyCosts &
  (RsaFacts | EcFacts | PureFacts) &
  KeyEncoding &
  KeyOperations

/** What a key of an algorithm costs, and what that means for its way. */
export type KeyCosts = {
  /** The queue its generation belongs in: `slow` is RSA. */
  lane: 'fast' | 'slow'
  /** CPU time of one thread to generate one key and sign once, in milliseconds; a mean for RSA. */
  typicalMs: number
  /**
   * Whether a worker verifies each of its signatures, or some of a lot's: where making and using a
   * key costs less than verifying, and a fault would show in the others too.
   */
  verified: 'each' | 'some'
}

/** Of RSA keys; `modulusBits` is a multiple of 8. */
export type RsaFacts = { kind: 'rsa'; modulusBits: number }

/** Of EC keys, whose facts are their curve's. */
export type EcFacts = { kind: 'ec'; curve: UsualCurveName }

/** Of algorithms whose keys are octets without a structure, and which sign the data itself. */
export type PureFacts = {
  kind: 'ed25519' | 'ml-dsa'
  /** Its name in a sentence: `ML-DSA-44`. */
  title: string
  publicKeyOctets: number
}

/** How keys and signatures of an algorithm are written. */
export type KeyEncoding = {
  /** The object identifier of its keys, dotted. */
  oid: string
  /** What every SubjectPublicKeyInfo of it starts and ends with, and its length in bytes. */
  spki: { prefix: Buffer; suffix: Buffer; length: number }
  /** What signs when nothing else is asked for; undefined where the algorithm has no choice. */
  defaultDigest: DigestName | undefined
  /**
   * The digests it signs with, each with the DER of the signature's AlgorithmIdentifier. Ed25519
   * and ML-DSA sign the data itself: their one entry is `undefined`.
   */
  signatureAlgorithms: ReadonlyMap<DigestName | undefined, Buffer>
  /** Bounds of a signature's length, in bytes; they are equal but for ECDSA. */
  signatureLength: { min: number; max: number }
}

/** What is done with keys of an algorithm. */
export type KeyOperations = {
  /**
   * RSA runs on libuv's thread pool and gives a promise; the others take less time than a
   * promise's way there would be worth.
   */
  generate: () => GeneratedKey | Promise<GeneratedKey>
  /**
   * The signature as it stands in a CSR: PKCS #1 v1.5, DER SEQUENCE(r, s), or the plain octets of
   * RFC 8032 and FIPS 204. Throws `CsrError` (unencodable) for a digest that is not one of
   * `signatureAlgorithms`.
   */
  sign: (privateKey: KeyObject, digest: DigestName | undefined, data: Buffer) => Buffer
  /** Whether a signature is the key's, over these data; false for a digest that is not one of it. */
  verify: (
    publicKey: KeyObject,
    digest: DigestName | undefined,
    data: Buffer,
    signature: Buffer,
  ) => boolean
  /** The SubjectPublicKeyInfo of a public key of this algorithm, DER. */
  exportSpki: (publicKey: KeyObject) => Buffer
  /** PKCS #8 DER; for ML-DSA of the seed alone. See `exportPrivateKey`. */
  exportPrivateKey: (privateKey: KeyObject) => Buffer
}

/**
 * The key algorithms: adding one is adding its name and its row. RSA: RFC 8017, RFC 4055. ECDSA:
 * RFC 5480, RFC 5758, RFC 8813. Ed25519: RFC 8410. ML-DSA: FIPS 204 table 2, RFC 9881.
 *
 * @example
 * ```ts
 * keyAlgorithms['rsa-4096'].lane // => "slow"
 * ```
 */
export const keyAlgorithms: Readonly<Record<KeyAlgorithmName, KeyAlgorithm>> = {
  'rsa-2048': { name: 'rsa-2048', typicalMs: 80, ...rsa(2048) },
  'rsa-3072': { name: 'rsa-3072', typicalMs: 275, ...rsa(3072) },
  'rsa-4096': { name: 'rsa-4096', typicalMs: 800, ...rsa(4096) },
  'ecdsa-p256': {
    name: 'ecdsa-p256',
    typicalMs: 0.25,
    ...ecdsa('P-256', 'sha256', '1.2.840.10045.4.3.2'),
  },
  'ecdsa-p384': {
    name: 'ecdsa-p384',
    typicalMs: 3,
    ...ecdsa('P-384', 'sha384', '1.2.840.10045.4.3.3'),
  },
  'ecdsa-p521': {
    name: 'ecdsa-p521',
    typicalMs: 8,
    ...ecdsa('P-521', 'sha512', '1.2.840.10045.4.3.4'),
  },
  ed25519: { name: 'ed25519', typicalMs: 0.2, ...ed25519() },
  'ml-dsa-44': {
    name: 'ml-dsa-44',
    typicalMs: 1.5,
    ...mlDsa('ml-dsa-44', '2.16.840.1.101.3.4.3.17', 1312, 2420),
  },
  'ml-dsa-65': {
    name: 'ml-dsa-65',
    typicalMs: 2.5,
    ...mlDsa('ml-dsa-65', '2.16.840.1.101.3.4.3.18', 1952, 3309),
  },
  'ml-dsa-87': {
    name: 'ml-dsa-87',
    typicalMs: 3,
    ...mlDsa('ml-dsa-87', '2.16.840.1.101.3.4.3.19', 2592, 4627),
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

/** Whether an algorithm is one whose keys are octets without a structure. */
export function isPure(algorithm: KeyAlgorithm): algorithm is KeyAlgorithm & PureFacts {
  return algorithm.kind === 'ed25519' || algorithm.kind === 'ml-dsa'
}
