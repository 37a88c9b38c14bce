import type { Finding, FindingCode } from './finding-kinds.ts'

/** A finding that says nothing new where one of the others is: what was not read is not missing. */
type Consequence = {
  code: FindingCode
  of: readonly FindingCode[]
  /** Where the other stands; otherwise at the same place. */
  at?: readonly string[]
}

const unreadNames: readonly FindingCode[] = [
  'attribute_malformed',
  'attributes_missing',
  'der_malformed',
  'extension_malformed',
  'extension_request_empty',
  'san_empty',
  'san_ip_address',
  'san_malformed',
]
const nameWrites: readonly string[] = ['/subjectAltNames', '/extensions', '/attributes']

const damagedSignature: readonly FindingCode[] = [
  'csr_structure',
  'der_bit_string',
  'key_bit_string',
  'key_malformed',
  'key_rsa_malformed',
  'key_rsa_integer_negative',
  'signature_algorithm_mismatch',
  'signature_ecdsa_malformed',
  'signature_ecdsa_range',
  'signature_ecdsa_raw',
  'signature_length',
]

const consequences: readonly Consequence[] = [
  { code: 'common_name_not_in_san', of: unreadNames, at: nameWrites },
  { code: 'subject_empty', of: unreadNames, at: nameWrites },
  { code: 'subject_empty', of: ['subject_malformed', 'der_malformed'], at: ['/subject'] },
  { code: 'san_not_critical', of: ['subject_malformed', 'der_malformed'], at: ['/subject'] },
  { code: 'challenge_password_order', of: ['der_set_order'], at: ['/attributes'] },
  { code: 'subject_invisible_characters', of: ['der_string'] },
  {
    code: 'key_usage_cert_sign',
    of: ['extension_malformed', 'der_malformed'],
    at: ['/extensions/basicConstraints'],
  },
  { code: 'signature_invalid', of: damagedSignature, at: ['', '/key', '/signature'] },
  { code: 'signature_not_checked', of: damagedSignature, at: ['', '/key', '/signature'] },
]

/** Leaves out what only follows from another finding. */
export function withoutConsequences(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding) =>
      !consequences.some(
        (one) =>
          one.code === finding.code && findings.some((other) => isCause(one, finding, other)),
      ),
  )
}

function isCause({ of, at }: Consequence, finding: Finding, other: Finding): boolean {
  if (!of.includes(other.code)) return false
  const places = at ?? [finding.pointer]
  return places.some((place) => other.pointer === place || other.pointer.startsWith(`${place}/`))
}
