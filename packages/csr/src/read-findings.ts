import { type DerFindingCode, derFindings } from './der/der-findings.ts'
import { CsrError } from './errors.ts'
import type { FindingKind, Report } from './lint/finding.ts'

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

/** Codes of what reading finds. */
export type ReadFindingCode = keyof typeof structureFindings | DerFindingCode

/**
 * How strictly something is read. Faults that leave the rest readable are reported; what cannot
 * be read at all is thrown, and `attempt` decides what then happens.
 */
export type Reading = {
  report: Report<ReadFindingCode>
  /** Called for each attribute, name and extension: throws `CsrError` when there are too many. */
  countItem: () => void
  /** Runs a reader; what it throws is either thrown on or reported, and `otherwise` taken. */
  attempt: <T>(code: ReadFindingCode, pointer: string, read: () => T, otherwise: T) => T
}

// A thousand names and as many attributes of names, which is more than a spec can ask for.
const mostItems = 2500

/** The first fault ends it: throws `CsrError` with the place as its pointer. */
export function strictly(): Reading {
  return {
    countItem: itemCounter(),
    report: (code, pointer, message) => {
      const kind = code in derFindings ? 'malformed_der' : 'malformed_csr'
      throw new CsrError(kind, message, { pointer })
    },
    attempt: (_code, pointer, read) => {
      try {
        return read()
      } catch (error) {
        throw error instanceof CsrError ? error.at(pointer) : error
      }
    },
  }
}

/**
 * Reads on as far as it goes; every fault is reported.
 *
 * @param isEnough asked before each part: the rest is passed over once it is so
 */
export function tolerantly(report: Report<ReadFindingCode>, isEnough: () => boolean): Reading {
  const countItem = itemCounter()
  return {
    countItem,
    report,
    attempt: (code, pointer, read, otherwise) => {
      if (isEnough()) return otherwise
      try {
        return read()
      } catch (error) {
        if (!(error instanceof CsrError)) throw error
        report(codeOf(error, code), error.pointer ?? pointer, error.message)
        return otherwise
      }
    },
  }
}

function itemCounter(): () => void {
  let left = mostItems
  return () => {
    if (--left >= 0) return
    const message = `The CSR has more than ${mostItems} attributes, names and extensions.`
    throw new CsrError('malformed_csr', message)
  }
}

function codeOf({ code }: CsrError, otherwise: ReadFindingCode): ReadFindingCode {
  return code === 'malformed_der' ? 'der_malformed' : otherwise
}
