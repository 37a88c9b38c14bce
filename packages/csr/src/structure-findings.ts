import type { FindingKind } from './lint/finding.ts'

/** What can be wrong with the structure of a CSR: its parts, attributes and extensions. */
export const structureFindings = {
  csr_structure: {
    severity: 'error',
    source: 'RFC 2986 section 4',
    rule: 'A CSR is a SEQUENCE of the request info, the signature algorithm and the signature.',
  },
  csr_more_findings: {
    severity: 'error',
    source: 'our own',
    rule: 'A CSR has no more faults than are told at once.',
  },
  csr_version: {
    severity: 'error',
    source: 'RFC 2986 section 4.1',
    rule: 'The version is 0.',
  },
  attributes_missing: {
    severity: 'error',
    source: 'RFC 2986 section 4.1',
    rule: 'The attributes [0] are there, empty when there are none.',
  },
  attribute_malformed: {
    severity: 'error',
    source: 'RFC 2986 section 4.1',
    rule: 'An attribute is a type and a SET of at least one value of that type.',
  },
  attribute_repeated: {
    severity: 'error',
    source: 'RFC 2986 section 4.1, X.501 section 8.2',
    rule: 'An attribute type is there once.',
  },
  attribute_values: {
    severity: 'error',
    source: 'RFC 2985 sections 5.4.1 and 5.4.2',
    rule: 'challengePassword and extensionRequest have a single value.',
  },
  extension_request_empty: {
    severity: 'error',
    source: 'RFC 2985 section 5.4.2, RFC 5280 section 4.1',
    rule: 'An extensionRequest asks for at least one extension.',
  },
  extension_request_microsoft: {
    severity: 'warning',
    source: 'MS-WCCE section 2.2.2.7.7, RFC 2985 section 5.4.2',
    rule: "Extensions are requested under PKCS #9's object identifier, not under Microsoft's.",
  },
  extension_malformed: {
    severity: 'error',
    source: 'RFC 5280 section 4.1',
    rule: 'An extension is an object identifier, a criticality and an OCTET STRING holding its value.',
  },
  extension_repeated: {
    severity: 'error',
    source: 'RFC 5280 section 4.2',
    rule: 'An extension is there once.',
  },
  key_usage_empty: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.3',
    rule: 'A key usage has at least one usage.',
  },
  extended_key_usage_empty: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.12',
    rule: 'An extended key usage has at least one purpose.',
  },
  tls_feature: {
    severity: 'warning',
    source: 'RFC 7633 section 4',
    rule: 'The TLS feature is status_request (must-staple).',
  },
  subject_malformed: {
    severity: 'error',
    source: 'RFC 5280 section 4.1.2.4',
    rule: 'The subject is a Name: RDNs, each a SET of at least one attribute.',
  },
  san_malformed: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6',
    rule: 'Subject alternative names are a SEQUENCE of GeneralNames.',
  },
  san_empty: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6',
    rule: 'The list of subject alternative names has at least one.',
  },
  san_ip_address: {
    severity: 'error',
    source: 'RFC 5280 section 4.2.1.6',
    rule: 'An iPAddress has 4 or 16 octets.',
  },
  san_kind: {
    severity: 'warning',
    source: 'RFC 5280 section 4.2.1.6',
    rule: 'An x400Address or ediPartyName is not used: hardly a program reads one.',
  },
} as const satisfies Record<string, FindingKind>

/** Codes of what can be wrong with the structure. */
export type StructureFindingCode = keyof typeof structureFindings
