import type { FindingKind } from '../finding.ts'

const source = 'the CSR of a Lenovo XClarity Administrator, decoded'
const reference = 'Lenovo XClarity Administrator REST API: POST /certificateSigningRequest'

/** What Lenovo XClarity Administrator would not write. */
export const lxcaFindings = {
  lxca_subject_order: {
    severity: 'warning',
    source,
    rule: 'The order of the subject is C, ST, L, O, OU, CN.',
  },
  lxca_subject_attribute: {
    severity: 'warning',
    source: reference,
    rule: 'The subject has C, ST, L, O, OU and CN only, each once.',
  },
  lxca_subject_attribute_missing: {
    severity: 'warning',
    source: reference,
    rule: 'The subject has C, ST, L, O and CN: each has a default.',
  },
  lxca_subject_value_length: {
    severity: 'warning',
    source: reference,
    rule: 'CN has at most 63 characters, ST, O and OU 60, L 50.',
  },
  lxca_string_type: {
    severity: 'warning',
    source,
    rule: 'A value is a PrintableString where its characters allow it.',
  },
  lxca_key: {
    severity: 'warning',
    source: 'Lenovo XClarity Administrator REST API: PUT /certificatePolicy',
    rule: 'The key is RSA of 2048 bits with SHA-256, or RSA of 3072 bits with SHA-384 (CNSA).',
  },
  lxca_san_type: {
    severity: 'warning',
    source,
    rule: 'Subject alternative names are dNSNames and iPAddresses.',
  },
  lxca_common_name_last: {
    severity: 'warning',
    source,
    rule: 'The last of the subject alternative names is the common name.',
  },
  lxca_extension: {
    severity: 'warning',
    source,
    rule: 'No extension but subjectAltName is asked for.',
  },
  lxca_attribute: {
    severity: 'warning',
    source,
    rule: 'There is no attribute but the extensionRequest, so no challengePassword.',
  },
} as const satisfies Record<string, FindingKind>
