import type { FindingKind } from '../lint/finding.ts'

/** What can be wrong with the PEM around a CSR. */
export const pemFindings = {
  pem_label: {
    severity: 'error',
    source: 'RFC 7468 section 7',
    rule: 'The label is CERTIFICATE REQUEST, at both ends.',
  },
  pem_label_old: {
    severity: 'warning',
    source: 'RFC 7468 section 7',
    rule: 'The label is not the older NEW CERTIFICATE REQUEST.',
  },
  pem_base64: {
    severity: 'error',
    source: 'RFC 7468 section 3, RFC 4648 section 4',
    rule: 'The body is canonical base64 with its padding, without headers.',
  },
  pem_line_length: {
    severity: 'error',
    source: 'RFC 7468 section 2',
    rule: 'Every line but the last has exactly 64 characters.',
  },
  pem_final_newline: {
    severity: 'warning',
    source: 'RFC 7468 section 3',
    rule: 'A newline ends the last line.',
  },
  pem_several: {
    severity: 'warning',
    source: 'RFC 7468 section 2',
    rule: 'There is one CSR; programs read only the first.',
  },
  pem_byte_order_mark: {
    severity: 'warning',
    source: 'RFC 7468 section 2',
    rule: 'The text is ASCII, without a byte order mark.',
  },
  pem_private_key: {
    severity: 'error',
    source: 'RFC 7468 section 10',
    rule: 'No private key stands beside the CSR, which goes to the CA.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with the PEM around a CSR. */
export type PemFindingCode = keyof typeof pemFindings
