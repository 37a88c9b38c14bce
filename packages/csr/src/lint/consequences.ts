import type { Finding, FindingCode } from './finding-kinds.ts'

/**
 * A finding that says nothing new where one of the others is: what was not read is not missing. `at`
 * is where the other stands; without it that is the same place.
 */
type Consequence = { codes: readonly FindingCode[]; of: readonly FindingCode[]; at?: RegExp }

const consequences: readonly Consequence[] = [
  {
    codes: ['common_name_not_in_san', 'subject_empty'],
    of: [
      'attribute_malformed',
      'attributes_missing',
      'der_malformed',
      'extension_malformed',
      'extension_request_empty',
      'san_empty',
      'san_ip_address',
      'san_malformed',
    ],
    at: /^\/(subjectAltNames(\/\d+)?|extensions|attributes(\/\d+)?)$/,
  },
  {
    codes: ['subject_empty', 'san_not_critical'],
    of: ['subject_malformed', 'der_malformed'],
    at: /^\/subject(\/\d+)?$/,
  },
  { codes: ['challenge_password_order'], of: ['der_set_order'], at: /^\/attributes$/ },
  {
    codes: ['key_usage_cert_sign'],
    of: ['extension_malformed', 'der_malformed'],
    at: /^\/extensions\/basicConstraints$/,
  },
  {
    codes: ['subject_invisible_characters', 'san_dns_name', 'san_email_address', 'san_uri'],
    of: ['der_string'],
  },
  {
    codes: ['signature_invalid', 'signature_not_checked', 'signature_ecdsa_malformed'],
    of: ['csr_structure', 'der_bit_string', 'der_malformed'],
    at: /^\/signature$/,
  },
  {
    codes: ['signature_invalid', 'signature_not_checked'],
    of: [
      'key_bit_string',
      'key_ec_point_infinity',
      'key_ec_point_length',
      'key_ec_point_off_curve',
      'key_ec_point_zero',
      'key_ed25519_length',
      'key_ed25519_point',
      'key_malformed',
      'key_rsa_exponent_even',
      'key_rsa_integer_negative',
      'key_rsa_malformed',
      'signature_algorithm_mismatch',
      'signature_ecdsa_malformed',
      'signature_ecdsa_range',
      'signature_ecdsa_raw',
      'signature_length',
    ],
    at: /^\/(key|signature)$/,
  },
]

/** Leaves out what only follows from another finding. */
export function withoutConsequences(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding) =>
      !consequences.some(
        (one) =>
          one.codes.includes(finding.code) &&
          findings.some((other) => isCause(one, finding, other)),
      ),
  )
}

function isCause({ of, at }: Consequence, finding: Finding, other: Finding): boolean {
  if (!of.includes(other.code)) return false
  return at === undefined ? other.pointer === finding.pointer : at.test(other.pointer)
}
