import type { FindingKind } from '../lint/finding.ts'
import { rsaKeyFindings } from './rsa-key-findings.ts'

const br = (section: string) => `CA/B Baseline Requirements ${section}`

const ecKeyFindings = {
  key_ec_parameters_missing: {
    severity: 'error',
    source: 'RFC 5480 section 2.1.1',
    rule: 'The parameters of an EC key name its curve.',
  },
  key_ec_parameters_implicit: {
    severity: 'error',
    source: 'RFC 5480 section 2.1.1',
    rule: 'The curve of an EC key is not left to be known (implicitCurve).',
  },
  key_ec_parameters_explicit: {
    severity: 'error',
    source: 'RFC 5480 section 2.1.1',
    rule: 'The curve of an EC key is not written out (specifiedCurve).',
  },
  key_ec_curve_weak: {
    severity: 'error',
    source: br('6.1.5'),
    rule: 'A curve has at least 224 bits.',
  },
  key_ec_curve_unusual: {
    severity: 'warning',
    source: br('6.1.5'),
    rule: 'A curve is P-256, P-384 or P-521.',
  },
  key_ec_point_infinity: {
    severity: 'error',
    source: 'SEC 1 section 3.2.2.1',
    rule: 'The point of an EC key is not the point at infinity.',
  },
  key_ec_point_form: {
    severity: 'error',
    source: 'RFC 5480 section 2.2',
    rule: 'The point of an EC key is uncompressed: 04, then both coordinates.',
  },
  key_ec_point_length: {
    severity: 'error',
    source: 'SEC 1 section 2.3.3',
    rule: 'The coordinates of a point have the length of the curve’s field.',
  },
  key_ec_point_zero: {
    severity: 'error',
    source: 'SEC 1 section 3.2.2.1',
    rule: 'The coordinates of a point are not all zeros.',
  },
  key_ec_point_off_curve: {
    severity: 'error',
    source: 'SEC 1 section 3.2.2.1',
    rule: 'The point of an EC key is on its curve.',
  },
} as const satisfies Record<string, FindingKind>

/** What can be wrong with a public key. */
export const publicKeyFindings = {
  key_malformed: {
    severity: 'error',
    source: 'RFC 5280 section 4.1.2.7',
    rule: 'A public key is SEQUENCE { AlgorithmIdentifier, BIT STRING }.',
  },
  key_bit_string: {
    severity: 'error',
    source: 'X.690 section 8.6',
    rule: 'The bits of a public key end at an octet.',
  },
  key_algorithm_unknown: {
    severity: 'warning',
    source: 'RFC 3279, 5480, 8410, 9881',
    rule: 'The algorithm of a public key is one that is known here; others are not looked at.',
  },
  key_algorithm_obsolete: {
    severity: 'error',
    source: 'FIPS 186-5',
    rule: 'A key is not a DSA key.',
  },
  key_algorithm_unusual: {
    severity: 'warning',
    source: br('6.1.5'),
    rule: 'A key is not bound to RSASSA-PSS and not an Ed448 key; public CAs accept neither.',
  },
  key_parameters_present: {
    severity: 'error',
    source: 'RFC 8410 section 3, RFC 9881 section 2',
    rule: 'Ed25519 and ML-DSA have no parameters.',
  },
  key_ed25519_length: {
    severity: 'error',
    source: 'RFC 8032 section 5.1.5',
    rule: 'An Ed25519 key has 32 octets.',
  },
  key_ed25519_point: {
    severity: 'error',
    source: 'RFC 8032 section 5.1.3',
    rule: 'An Ed25519 key is the encoding of a point of the curve.',
  },
  key_ed25519_small_order: {
    severity: 'error',
    source: 'RFC 8032 section 5.1.7',
    rule: 'An Ed25519 key is not a point of small order, with which anything can be signed.',
  },
  key_ml_dsa_length: {
    severity: 'error',
    source: 'FIPS 204 table 2, RFC 9881 section 4',
    rule: 'An ML-DSA key has 1312, 1952 or 2592 octets, as its parameter set has it.',
  },
  ...rsaKeyFindings,
  ...ecKeyFindings,
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with a public key. */
export type PublicKeyFindingCode = keyof typeof publicKeyFindings
