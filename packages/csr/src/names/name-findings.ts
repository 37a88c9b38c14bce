import type { FindingKind } from '../lint/finding.ts'

/** What can be wrong with what the subject alternative names say. */
export const nameFindings = {
  san_dns_name: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6, RFC 1034 section 3.5, RFC 5890 section 2.3.1',
    rule: 'A dNSName is a host name: LDH labels or valid A-labels, one leading "*." at most.',
  },
  san_email_address: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6, RFC 5321 section 4.1.2',
    rule: 'An rfc822Name is a mailbox, local@domain in ASCII.',
  },
  san_email_address_unusual: {
    severity: 'warning',
    source: 'RFC 5321 section 4.1.2',
    rule: 'An rfc822Name has no quoted local part and no address in brackets, which programs misread.',
  },
  san_uri: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6, RFC 3986',
    rule: 'A uniformResourceIdentifier is absolute and has a host where it has an authority.',
  },
  san_directory_name: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6',
    rule: 'A directoryName is a Name that is not empty.',
  },
  san_other_name: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6, RFC 8398',
    rule: 'The text of an otherName is visible text, a user principal name is name@suffix.',
  },
  san_duplicate: {
    severity: 'warning',
    source: 'CA/B Baseline Requirements 7.1.2.7.12',
    rule: 'A subject alternative name is there once.',
  },
  san_criticality: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1.6',
    rule: 'Subject alternative names beside a subject are not critical.',
  },
  san_not_critical: {
    // What RFC 5280 asks for binds the CA; OpenSSL and Go write it otherwise in ordinary CSRs.
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1.6',
    rule: 'Subject alternative names without a subject are critical.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with subject alternative names. */
export type NameFindingCode = keyof typeof nameFindings
