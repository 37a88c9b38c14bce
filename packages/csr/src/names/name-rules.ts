import { checkCharacters } from '../character-rules.ts'
import { oids } from '../csr-oids.ts'
import type { Report } from '../lint/finding.ts'
import type { CsrContent } from '../read-csr.ts'
import type { SubjectFindingCode } from '../subject/subject-findings.ts'
import { checkName } from '../subject/subject-rules.ts'
import { checkDnsName } from './dns-name.ts'
import { checkEmailAddress } from './email-address.ts'
import type { ReadSubjectAltName, SubjectAltName } from './general-names.ts'
import { isIpAddress } from './ip-address.ts'
import type { NameFindingCode } from './name-findings.ts'
import { checkUpn, upnOid } from './other-name.ts'
import { duplicateNames } from './subject-alt-names.ts'
import { checkUri } from './uri.ts'

/** What is wrong with one name, without saying what it is: a code and the end of a sentence. */
type NameFault = [code: NameFindingCode, fault: string]

type NameRule<Type extends ReadSubjectAltName['type']> = (
  name: Extract<ReadSubjectAltName, { type: Type }>,
) => NameFault | undefined

const rules: { [Type in ReadSubjectAltName['type']]: NameRule<Type> } = {
  dns: ({ value }) => faulty('san_dns_name', checkDns(value)),
  // Its octets were counted when it was read.
  ip: () => undefined,
  email: ({ value }) =>
    faulty(
      unusualMailbox.test(value) ? 'san_email_address_unusual' : 'san_email_address',
      checkEmailAddress(value),
    ),
  uri: ({ value }) => faulty('san_uri', checkUri(value)),
  rid: () => undefined,
  other: () => undefined,
  dirName: ({ value }) =>
    faulty(
      'san_directory_name',
      value.length === 0 ? 'is empty; it has at least one RDN' : undefined,
    ),
  upn: ({ value }) => faulty('san_other_name', checkUpn(value)),
  otherName: (name) => faulty('san_other_name', checkOtherName(name)),
}

// RFC 5321 section 4.1.2: a quoted local part, an address in brackets.
const unusualMailbox = /^(?:"[ !#-[\]-~]+"@[A-Za-z\d.-]+|[!#-?A-~]+@\[[\da-fA-F.:IPv]+\])$/

/** Looks at what the subject alternative names say (RFC 5280 section 4.2.1.6). */
export function checkAltNames(
  content: CsrContent,
  report: Report<NameFindingCode | SubjectFindingCode>,
): void {
  for (const [i, name] of content.subjectAltNames.entries()) {
    checkAltName(name, `/subjectAltNames/${i}`, report)
  }
  checkCriticality(content, report)
  for (const { index, firstIndex } of duplicateNames(comparable(content.subjectAltNames))) {
    report(
      'san_duplicate',
      `/subjectAltNames/${index}`,
      `The name is there already, at /subjectAltNames/${firstIndex}; once is enough.`,
    )
  }
}

function checkAltName(
  name: ReadSubjectAltName,
  pointer: string,
  report: Report<NameFindingCode | SubjectFindingCode>,
): void {
  const fault = ruleOf(name)(name)
  if (fault !== undefined) report(fault[0], pointer, `The ${name.type} name ${fault[1]}.`)
  if (name.type !== 'dirName') return
  checkName(name.value, report, `${pointer}/value`)
}

function checkCriticality(
  { subject, sanCritical, requestedExtensions }: CsrContent,
  report: Report<NameFindingCode | SubjectFindingCode>,
): void {
  if (!requestedExtensions.some(({ oid }) => oid === oids.subjectAltName)) return
  if (subject.length === 0 && !sanCritical) {
    report(
      'san_not_critical',
      '/subjectAltNames',
      'The subject alternative names are not critical; without a subject they have to be.',
    )
  }
  if (subject.length > 0 && sanCritical) {
    report(
      'san_criticality',
      '/subjectAltNames',
      'The subject alternative names are critical; beside a subject they should not be.',
    )
  }
}

function checkOtherName(name: Extract<ReadSubjectAltName, { type: 'otherName' }>) {
  if ('value' in name) return checkCharacters(name.value)
  return name.oid === upnOid
    ? 'is a user principal name that is no UTF8String; a UTF8String is needed'
    : undefined
}

function checkDns(value: string): string | undefined {
  if (isIpAddress(value)) return 'is an IP address; an iPAddress is needed for it'
  return checkDnsName(value)
}

// The one place that forgets which kind a rule is for: it is called with a name of that kind.
function ruleOf(name: ReadSubjectAltName): NameRule<ReadSubjectAltName['type']> {
  return rules[name.type] as NameRule<ReadSubjectAltName['type']>
}

function faulty(code: NameFindingCode, fault: string | undefined): NameFault | undefined {
  return fault === undefined ? undefined : [code, fault]
}

/** Host names are the same in either case; what cannot be encoded again is compared as text. */
function comparable(names: readonly ReadSubjectAltName[]): SubjectAltName[] {
  return names.map((name): SubjectAltName => {
    if (name.type === 'dns') return { type: 'dns', value: name.value.toLowerCase() }
    if (name.type === 'other') return { type: 'otherName', oid: '2.5.4.49', value: name.der }
    if (name.type !== 'dirName') return name
    return { type: 'otherName', oid: '2.5.4.49', value: JSON.stringify(name.value) }
  })
}
