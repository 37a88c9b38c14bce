import type { FindingKind } from '../lint/finding.ts'

/** What can be wrong with what a subject says. */
export const subjectFindings = {
  subject_empty: {
    severity: 'error',
    source: 'RFC 5280 sections 4.1.2.6 and 4.2.1.6',
    rule: 'Without a subject there are subject alternative names.',
  },
  subject_value: {
    severity: 'error',
    source: 'RFC 5280 appendix A.1, ISO 3166-1',
    rule: 'A value is visible text of its type: no control characters, an assigned country code.',
  },
  subject_value_length: {
    severity: 'error',
    source: "RFC 5280 appendix A.1 (X.520's upper bounds)",
    rule: 'A value has at most the characters that its type allows.',
  },
  subject_string_type: {
    severity: 'error',
    source: 'RFC 5280 section 4.1.2.4 and appendix A.1',
    rule: 'A value has a string type that its attribute allows.',
  },
  subject_string_type_old: {
    severity: 'warning',
    source: 'RFC 5280 section 4.1.2.4',
    rule: 'A DirectoryString is a PrintableString or a UTF8String, not one of the older types.',
  },
  subject_attribute_repeated: {
    severity: 'warning',
    source: 'CA/B Baseline Requirements 7.1.4.2, X.501 section 9.3',
    rule: 'An attribute type is there once, but for OU, DC, street and parts of a person’s name.',
  },
  subject_spaces: {
    severity: 'warning',
    source: 'RFC 4518 section 2.6.1',
    rule: 'A value does not start or end with a space, and has no two in a row.',
  },
  subject_invisible_characters: {
    severity: 'warning',
    source: 'Unicode UTS #39 section 3.1',
    rule: 'A value has no characters that are invisible, turn the direction of writing or stand for lost ones.',
  },
  subject_placeholder: {
    severity: 'warning',
    source: 'CA/B Baseline Requirements 7.1.4.2',
    rule: "A value says something: it is not a dash, a dot, N/A or OpenSSL's or keytool's default.",
  },
  subject_email_address: {
    severity: 'warning',
    source: 'RFC 2985 section 5.2.1, RFC 5280 section 4.1.2.6',
    rule: 'An emailAddress is a mailbox.',
  },
  common_name_uri: {
    severity: 'warning',
    source: 'RFC 9525 section 2, CA/B Baseline Requirements 7.1.4.3',
    rule: 'A common name is not a URL.',
  },
  common_name_not_in_san: {
    severity: 'warning',
    source: 'RFC 9525 section 2, CA/B Baseline Requirements 7.1.4.3',
    rule: 'A common name that is a host name or an IP address is one of the subject alternative names.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with what a subject says. */
export type SubjectFindingCode = keyof typeof subjectFindings
