import type { FindingKind } from '../lint/finding.ts'

const br = (section: string) => `CA/B Baseline Requirements ${section}`

/** What can be wrong with a signature. */
export const signatureFindings = {
  signature_algorithm_malformed: {
    severity: 'error',
    source: 'RFC 5280 section 4.1.1.2',
    rule: 'The algorithm of a signature is SEQUENCE { OBJECT IDENTIFIER, parameters OPTIONAL }.',
  },
  signature_algorithm_unknown: {
    severity: 'warning',
    source: 'RFC 4055, 5758, 8410, 9881',
    rule: 'The algorithm of a signature is one that is known here; others are not verified.',
  },
  signature_algorithm_mismatch: {
    severity: 'error',
    source: 'RFC 2986 section 3',
    rule: 'The algorithm of a signature is one of the public key’s.',
  },
  signature_algorithm_obsolete: {
    severity: 'error',
    source: 'FIPS 186-5',
    rule: 'A signature is not DSA.',
  },
  signature_digest_weak: {
    severity: 'error',
    source: `${br('7.1.3.2')}, RFC 9155`,
    rule: 'The digest of a signature is not MD2, MD4, MD5 or SHA-1.',
  },
  signature_digest_short: {
    severity: 'warning',
    source: br('7.1.3.2'),
    rule: 'The digest of a signature is at least SHA-256: SHA-224 is too short for CAs.',
  },
  signature_digest_unusual: {
    severity: 'warning',
    source: br('7.1.3.2'),
    rule: 'The digest of a signature is SHA-256, SHA-384 or SHA-512; SHA-3 is little known.',
  },
  signature_digest_curve: {
    severity: 'warning',
    source: br('7.1.3.2.2'),
    rule: 'The digest is the curve’s: SHA-256 with P-256, SHA-384 with P-384, SHA-512 with P-521.',
  },
  signature_rsa_pss: {
    severity: 'warning',
    source: 'RFC 4055 section 3.1',
    rule: 'An RSA signature is PKCS #1 v1.5; many CAs do not read RSASSA-PSS.',
  },
  signature_pss_parameters: {
    severity: 'error',
    source: `RFC 4055 section 3.1, ${br('7.1.3.2.1')}`,
    rule: 'RSASSA-PSS has one digest for message and mask, and a salt of the digest’s length.',
  },
  signature_parameters_not_null: {
    severity: 'error',
    source: 'RFC 4055 section 5',
    rule: 'The parameters of an RSA signature algorithm are NULL.',
  },
  signature_parameters_present: {
    severity: 'error',
    source: 'RFC 5758 section 3.2, RFC 8410 section 3, RFC 9881 section 2',
    rule: 'ECDSA, EdDSA and ML-DSA signature algorithms have no parameters.',
  },
  signature_length: {
    severity: 'error',
    source: 'RFC 8017 section 8.2.2, RFC 8032 section 5.1.6, FIPS 204 table 2',
    rule: 'A signature is as long as its algorithm and key have it: RSA as long as the modulus.',
  },
  signature_ecdsa_raw: {
    severity: 'error',
    source: 'RFC 5480 appendix A',
    rule: 'An ECDSA signature is DER, not the two numbers one after the other.',
  },
  signature_ecdsa_malformed: {
    severity: 'error',
    source: 'RFC 5480 appendix A',
    rule: 'An ECDSA signature is SEQUENCE { r INTEGER, s INTEGER }, in DER.',
  },
  signature_ecdsa_range: {
    severity: 'error',
    source: 'SEC 1 section 4.1.4',
    rule: 'Both numbers of an ECDSA signature are from 1 to the curve’s order less 1.',
  },
  signature_not_checked: {
    severity: 'warning',
    source: 'RFC 2986 section 3',
    rule: 'A signature can be verified with the public key.',
  },
  signature_invalid: {
    severity: 'error',
    source: 'RFC 2986 section 3',
    rule: 'A signature verifies with the public key of the CSR.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with a signature. */
export type SignatureFindingCode = keyof typeof signatureFindings
