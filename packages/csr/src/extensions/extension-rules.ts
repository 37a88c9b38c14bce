import { nameOfOid, oids } from '../csr-oids.ts'
import type { Report } from '../lint/finding.ts'
import type { PublicKeyFacts } from '../public-keys/public-key.ts'
import type { CsrContent } from '../read-csr.ts'
import { repeated } from '../repeated.ts'
import { checkPathLength } from './basic-constraints.ts'
import type { ExtensionFindingCode } from './extension-findings.ts'
import { nameOf } from './extensions.ts'
import { checkCertSign, checkOnlyUsages, checkUsageOfKind } from './key-usage.ts'

type ExtensionReport = Report<ExtensionFindingCode>

/** What only a CA can say: RFC 5280 sections 4.2.1 and 4.2.2, RFC 6962 section 3. */
const ofTheCa: ReadonlyMap<string, string> = new Map([
  [oids.authorityKeyIdentifier, 'authorityKeyIdentifier'],
  ['2.5.29.18', 'issuerAltName'],
  ['2.5.29.20', 'cRLNumber'],
  ['2.5.29.31', 'cRLDistributionPoints'],
  ['2.5.29.46', 'freshestCRL'],
  ['1.3.6.1.5.5.7.1.1', 'authorityInfoAccess'],
  ['1.3.6.1.4.1.11129.2.4.2', 'signedCertificateTimestampList'],
  ['1.3.6.1.4.1.11129.2.4.3', 'precertificatePoison'],
])

/** Extensions without a field of their own that CAs know, so that they may be critical. */
const knownOthers: ReadonlySet<string> = new Set([
  '2.5.29.30', // nameConstraints
  '2.5.29.32', // certificatePolicies
  '2.5.29.33', // policyMappings
  '2.5.29.36', // policyConstraints
  '2.5.29.54', // inhibitAnyPolicy
  ...ofTheCa.keys(),
])

/** What newer ones stand for: X.509 of 1993, Netscape's. */
const obsolete: ReadonlyMap<string, string> = new Map([
  ['2.5.29.1', 'authorityKeyIdentifier (2.5.29.35)'],
  ['2.5.29.7', 'subjectAltName (2.5.29.17)'],
  ['2.5.29.10', 'basicConstraints (2.5.29.19)'],
  ['2.16.840.1.113730.1.1', 'extendedKeyUsage (2.5.29.37)'],
])

const mustNotBeCritical: ReadonlySet<string> = new Set([
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
])

/** Looks at what the extensions ask for (RFC 5280 section 4.2). */
export function checkExtensions(
  content: CsrContent,
  key: PublicKeyFacts,
  report: ExtensionReport,
): void {
  checkUsages(content, key, report)
  checkPurposes(content, report)
  checkCriticalities(content, report)
  checkOwners(content, report)
  checkIdentifier(content, report)
}

function checkUsages(
  { extensions }: CsrContent,
  key: PublicKeyFacts,
  report: ExtensionReport,
): void {
  const { keyUsage, basicConstraints } = extensions
  const usages = keyUsage?.usages ?? []
  const pointer = '/extensions/keyUsage'
  const keyName = key.algorithm ?? key.curve ?? key.kind
  const unfit = checkUsageOfKind(key.kind, keyName, usages)
  if (unfit !== undefined) report('key_usage_key_type', pointer, `The key usage ${unfit}.`)
  const alone = checkCertSign(usages, basicConstraints?.ca)
  if (alone !== undefined) report('key_usage_cert_sign', pointer, `The key usage ${alone}.`)
  const only = checkOnlyUsages(usages)
  if (only !== undefined) report('key_usage_only', pointer, `The key usage ${only}.`)
  const path = checkPathLength(basicConstraints, keyUsage?.usages)
  if (path !== undefined) {
    report(
      'basic_constraints_path_length',
      '/extensions/basicConstraints',
      `The path length ${path}.`,
    )
  }
}

function checkPurposes({ extensions }: CsrContent, report: ExtensionReport): void {
  const usages = extensions.extendedKeyUsage?.usages ?? []
  const pointer = '/extensions/extendedKeyUsage'
  for (const usage of repeated(usages)) {
    report('extended_key_usage_duplicate', pointer, `The purpose ${usage} is there more than once.`)
  }
  if (usages.includes('anyExtendedKeyUsage')) {
    report(
      'extended_key_usage_any',
      pointer,
      'The purpose anyExtendedKeyUsage is asked for, which CAs do not give; name the purposes.',
    )
  }
}

function checkCriticalities(content: CsrContent, report: ExtensionReport): void {
  for (const { oid, critical } of content.requestedExtensions) {
    if (critical) checkCritical(oid, placeOf(oid, content), report)
  }
  const { basicConstraints } = content.extensions
  if (basicConstraints?.ca === true && !basicConstraints.critical) {
    report(
      'extension_criticality_unusual',
      '/extensions/basicConstraints',
      "A CA's basic constraints are not critical, which they must be in its certificate.",
    )
  }
}

function checkCritical(oid: string, pointer: string, report: ExtensionReport): void {
  const what = `The extension ${nameOfOid(oid)} is critical`
  if (mustNotBeCritical.has(oid)) {
    report('extension_criticality', pointer, `${what}, which it must not be.`)
  } else if (isNeverCritical(oid)) {
    report('extension_criticality_unusual', pointer, `${what}, which it should not be.`)
  } else if (!isKnown(oid)) {
    const message = `${what}; a CA that does not know it refuses the CSR.`
    report('extension_unknown_critical', pointer, message)
  }
}

function checkOwners(content: CsrContent, report: ExtensionReport): void {
  for (const { oid } of content.requestedExtensions) {
    const newer = obsolete.get(oid)
    if (newer !== undefined) {
      const message = `The extension ${oid} is obsolete and not read any more; ${newer} is.`
      report('extension_obsolete', placeOf(oid, content), message)
    }
    const name = ofTheCa.get(oid)
    if (name === undefined) continue
    report(
      'extension_not_of_subject',
      placeOf(oid, content),
      `The extension ${name} is asked for, which only the CA can say.`,
    )
  }
}

function checkIdentifier({ extensions }: CsrContent, report: ExtensionReport): void {
  const identifier = extensions.subjectKeyIdentifier
  if (typeof identifier !== 'string') return
  const octets = identifier.length / 2
  if (octets >= 8 && octets <= 32) return
  report(
    'subject_key_identifier_length',
    '/extensions/subjectKeyIdentifier',
    `The subject key identifier has ${octets} octets; 8 to 32 are usual.`,
  )
}

/** Where a spec says an extension: in a field of its own, or among the raw ones. */
/** The place of an extension in the words of a spec. */
export function placeOf(oid: string, { extensions }: CsrContent): string {
  const at = extensions.raw?.findIndex((raw) => raw.oid === oid) ?? -1
  return `/extensions/${at < 0 ? nameOf(oid) : `raw/${at}`}`
}

function isNeverCritical(oid: string): boolean {
  const name = nameOf(oid)
  return name === 'mustStaple' || name === 'microsoftTemplate' || name === 'microsoftTemplateName'
}

function isKnown(oid: string): boolean {
  return oid === oids.subjectAltName || knownOthers.has(oid) || nameOf(oid) !== undefined
}
