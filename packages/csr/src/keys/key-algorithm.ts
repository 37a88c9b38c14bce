import type { KeyObject } from 'node:crypto'

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
export type GeneratedKey = { publicKey: KeyObject; privateKey: KeyObject; spki: Buffer }

/** All that is known about one key algorithm. */
export type KeyAlgorithm = {
  name: KeyAlgorithmName
  /** The queue its generation belongs in: `slow` is RSA. */
  lane: 'fast' | 'slow'
  /** CPU time of one thread to generate one key and sign once, in milliseconds; a mean for RSA. */
  typicalMs: number
  /**
   * Whether a worker verifies each of its signatures, or some of a lot's: where making and using a
   * key costs less than verifying, and a fault would show in the others too.
   */
  verified: 'each' | 'some'
  /** What signs when nothing else is asked for; undefined where the algorithm has no choice. */
  defaultDigest: DigestName | undefined
  /**
   * The digests it signs with, each with the DER of the signature's AlgorithmIdentifier. Ed25519
   * and ML-DSA sign the data itself: their one entry is `undefined`.
   */
  signatureAlgorithms: ReadonlyMap<DigestName | undefined, Buffer>
  /** Bounds of a signature's length, in bytes; they are equal but for ECDSA. */
  signatureLength: { min: number; max: number }
  /** What every SubjectPublicKeyInfo of it starts and ends with, and its length in bytes. */
  spki: { prefix: Buffer; suffix: Buffer; length: number }
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
  /** PKCS #8 DER; for ML-DSA of the seed alone. See `exportPrivateKey`. */
  exportPrivateKey: (privateKey: KeyObject) => Buffer
}
