import type { FindingKind } from '../lint/finding.ts'

const br = (section: string) => `CA/B Baseline Requirements ${section}`

/** What can be wrong with an RSA public key. */
export const rsaKeyFindings = {
  key_rsa_parameters: {
    severity: 'error',
    source: 'RFC 3279 section 2.3.1',
    rule: 'The parameters of rsaEncryption are NULL.',
  },
  key_rsa_malformed: {
    severity: 'error',
    source: 'RFC 8017 appendix A.1.1',
    rule: 'An RSA key is SEQUENCE { modulus INTEGER, publicExponent INTEGER }.',
  },
  key_rsa_integer_not_minimal: {
    severity: 'error',
    source: 'X.690 section 8.3.2',
    rule: 'Modulus and exponent have no octet more than they need.',
  },
  key_rsa_integer_negative: {
    severity: 'error',
    source: 'X.690 section 8.3.3',
    rule: 'Modulus and exponent are positive: a zero octet stands before a first bit that is set.',
  },
  key_rsa_modulus_short: {
    severity: 'error',
    source: br('6.1.5'),
    rule: 'An RSA modulus has at least 2048 bits.',
  },
  key_rsa_modulus_octets: {
    severity: 'error',
    source: br('6.1.5'),
    rule: 'The bits of an RSA modulus are a multiple of 8.',
  },
  key_rsa_modulus_long: {
    severity: 'warning',
    source: 'limits of public CAs',
    rule: 'An RSA modulus has at most 8192 bits; above that its weaknesses are not looked for.',
  },
  key_rsa_modulus_unusual: {
    severity: 'warning',
    source: 'limits of public CAs',
    rule: 'An RSA modulus has 2048, 3072 or 4096 bits.',
  },
  key_rsa_modulus_even: {
    severity: 'error',
    source: br('6.1.6'),
    rule: 'An RSA modulus is odd.',
  },
  key_rsa_exponent_even: {
    severity: 'error',
    source: br('6.1.6'),
    rule: 'An RSA public exponent is odd.',
  },
  key_rsa_exponent_small: {
    severity: 'error',
    source: br('6.1.6'),
    rule: 'An RSA public exponent is at least 65537.',
  },
  key_rsa_exponent_large: {
    severity: 'error',
    source: br('6.1.6'),
    rule: 'An RSA public exponent is below 2^256.',
  },
  key_rsa_exponent_unusual: {
    severity: 'warning',
    source: 'limits of programs in use',
    rule: 'An RSA public exponent is 65537.',
  },
  key_rsa_small_factor: {
    severity: 'error',
    source: br('6.1.6'),
    rule: 'An RSA modulus has no factor below 752.',
  },
  key_rsa_square: {
    severity: 'error',
    source: br('6.1.6'),
    rule: 'An RSA modulus is not the square of a number.',
  },
  key_rsa_close_primes: {
    severity: 'error',
    source: br('6.1.1.3'),
    rule: 'Fermat’s method does not factor an RSA modulus within 100 rounds.',
  },
  key_rsa_roca: {
    severity: 'error',
    source: 'CVE-2017-15361',
    rule: 'An RSA key is not one of the Infineon library that made factorable keys.',
  },
} as const satisfies Record<string, FindingKind>
