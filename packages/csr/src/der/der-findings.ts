import type { FindingKind } from '../lint/finding.ts'

const x690 = (section: string) => `X.690 section ${section}`

/** What can be wrong with an encoding, wherever in a CSR it stands. */
export const derFindings = {
  der_malformed: {
    severity: 'error',
    source: x690('8.1'),
    rule: 'A part is a DER value, whole to the last of its primitives.',
  },
  der_trailing_bytes: {
    severity: 'error',
    source: 'RFC 2986 section 4, X.690 section 8.1',
    rule: 'Nothing follows the end of a value.',
  },
  der_length_not_minimal: {
    severity: 'error',
    source: x690('10.1'),
    rule: 'A length is written in the shortest form.',
  },
  der_indefinite_length: {
    severity: 'error',
    source: x690('10.1'),
    rule: 'A length is definite.',
  },
  der_set_order: {
    severity: 'error',
    source: x690('11.6'),
    rule: 'The members of a SET OF are sorted by their encodings.',
  },
  der_default_written: {
    severity: 'error',
    source: x690('11.5'),
    rule: 'A value that is the default is left out: a critical or cA that is FALSE.',
  },
  der_boolean: {
    severity: 'error',
    source: x690('11.1'),
    rule: 'TRUE is one octet of ones.',
  },
  der_integer_not_minimal: {
    severity: 'error',
    source: x690('8.3.2'),
    rule: 'An INTEGER has no octet more than it needs.',
  },
  der_bit_string: {
    severity: 'error',
    source: x690('11.2'),
    rule: 'A BIT STRING has no bits beyond its end, a list of named bits no zeros at its end.',
  },
  der_string: {
    severity: 'error',
    source: 'X.680 section 41, RFC 3629',
    rule: 'A string holds only what its type allows: a PrintableString its set, a UTF8String UTF-8.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with an encoding. */
export type DerFindingCode = keyof typeof derFindings
