import type { FindingKind } from '../lint/finding.ts'

/** What can be wrong with what the extensions ask for. */
export const extensionFindings = {
  extension_criticality: {
    severity: 'error',
    source: 'RFC 5280 sections 4.2.1.1 and 4.2.1.2',
    rule: 'A key identifier is not critical.',
  },
  extension_criticality_unusual: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1.9, RFC 7633 section 4',
    rule: "A CA's basic constraints are critical, the TLS feature and a template are not.",
  },
  extension_unknown_critical: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2',
    rule: 'An extension that hardly a CA knows is not critical.',
  },
  extension_not_of_subject: {
    severity: 'warning',
    source: 'RFC 5280 sections 4.2.1 and 4.2.2, RFC 6962',
    rule: 'What a CA says of itself is not asked for: authority identifiers, CRLs, OCSP, policies, SCTs.',
  },
  extension_obsolete: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1',
    rule: 'An extension is not one that a newer one has replaced.',
  },
  key_usage_key_type: {
    severity: 'error',
    source: 'RFC 3279 section 2.3.1, RFC 8813 section 3, RFC 8410 section 5, RFC 9881 section 5',
    rule: 'The key can be used so: only RSA enciphers, only EC agrees on keys.',
  },
  key_usage_cert_sign: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.9',
    rule: 'keyCertSign stands beside basic constraints that say cA.',
  },
  key_usage_only: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.3, RFC 5480 section 3',
    rule: 'encipherOnly or decipherOnly, not both, stands beside keyAgreement.',
  },
  extended_key_usage_duplicate: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1.12',
    rule: 'A purpose is there once.',
  },
  extended_key_usage_any: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1.12, CA/B Baseline Requirements 7.1.2.7.10',
    rule: 'anyExtendedKeyUsage is not asked for.',
  },
  basic_constraints_path_length: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.9',
    rule: 'A path length stands beside a cA that is true and, with a key usage, beside keyCertSign.',
  },
  subject_key_identifier_length: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1.2, RFC 7093 section 2',
    rule: 'A subject key identifier has 8 to 32 octets.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with the extensions. */
export type ExtensionFindingCode = keyof typeof extensionFindings
