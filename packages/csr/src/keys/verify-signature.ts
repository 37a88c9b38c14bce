import { constants, createPublicKey, verify } from 'node:crypto'
import type { PssParameters } from './pss-parameters.ts'
import type { PublicKeyFindingCode } from './public-key-findings.ts'
import type { SignatureDigest, SignatureScheme } from './signature-algorithms.ts'
import type { EcdsaEncoding } from './signature-value.ts'

/** A signature with all that it depends on. */
export type SignatureParts = {
  /** DER of the AlgorithmIdentifier. */
  signatureAlgorithm: Buffer
  /** The octets of the BIT STRING. */
  signature: Buffer
  /** DER of what was signed. */
  toBeSigned: Buffer
  /** DER of the public key, a SubjectPublicKeyInfo. */
  spki: Buffer
}

/** How a signature's value was made. */
export type SignatureWays = {
  scheme: SignatureScheme
  digest: SignatureDigest | undefined
  pss: PssParameters | undefined
  encoding: EcdsaEncoding
}

// Keys that OpenSSL is not to compute with: it would take long, or take over what a stranger
// wrote as a curve.
const untried: ReadonlySet<PublicKeyFindingCode> = new Set([
  'key_rsa_malformed',
  'key_rsa_modulus_long',
  'key_rsa_modulus_even',
  'key_rsa_exponent_large',
  'key_ec_parameters_missing',
  'key_ec_parameters_implicit',
  'key_ec_parameters_explicit',
])

/**
 * Whether a signature verifies; undefined where that cannot be tried: a key that OpenSSL refuses
 * or that it is not given because of the faults in it, a digest that it has not.
 */
export function verifySignature(
  { signature, toBeSigned, spki }: SignatureParts,
  { scheme, digest, pss, encoding }: SignatureWays,
  keyFaults: ReadonlySet<PublicKeyFindingCode>,
): boolean | undefined {
  if ([...keyFaults].some((code) => untried.has(code))) return undefined
  // With no digest OpenSSL would take one of its own.
  if (scheme !== 'plain' && digest === undefined) return undefined
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss?.saltLength ?? 0 }
    const dsaEncoding = encoding === 'raw' ? 'ieee-p1363' : 'der'
    const options = scheme === 'pss' ? { key, ...padding } : ({ key, dsaEncoding } as const)
    return verify(digest, toBeSigned, options, signature)
  } catch {
    return undefined
  }
}
