import { constants, createPublicKey, verify } from 'node:crypto'
import type { PublicKeyFindingCode } from '../public-keys/public-key-findings.ts'
import type { PssParameters } from './pss-parameters.ts'
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
type SignatureWays = {
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
 * `good` or `bad`, or why that could not be tried: a fault of the key with which OpenSSL is not to
 * compute, a digest that nothing says, a key or digest that OpenSSL does not take.
 */
export type Verdict = 'good' | 'bad' | 'key_fault' | 'no_digest' | 'not_taken'

/** Whether a signature verifies. Never throws. */
export function verifySignature(
  { signature, toBeSigned, spki }: SignatureParts,
  { scheme, digest, pss, encoding }: SignatureWays,
  keyFaults: ReadonlySet<PublicKeyFindingCode>,
): Verdict {
  if ([...keyFaults].some((code) => untried.has(code))) return 'key_fault'
  // With no digest OpenSSL would take one of its own.
  if (scheme !== 'pure' && digest === undefined) return 'no_digest'
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss?.saltLength ?? 0 }
    const dsaEncoding = encoding === 'raw' ? 'ieee-p1363' : 'der'
    const options = scheme === 'pss' ? { key, ...padding } : ({ key, dsaEncoding } as const)
    return verify(digest, toBeSigned, options, signature) ? 'good' : 'bad'
  } catch {
    return 'not_taken'
  }
}
