import { quoted } from '../../character-rules.ts'
import type { CsrContent } from '../../read-csr.ts'
import type { ProfileReport } from '../profile.ts'
import { firstOutOfOrder, type SubjectValue, subjectValues } from './subject-values.ts'

/** CA/B Baseline Requirements 7.1.4.2, first table. */
const order = ['DC', 'C', 'ST', 'L', 'postalCode', 'street', 'O', 'SN', 'GN', 'OU', 'CN']

/** The second table there: what EV certificates have beside; it has no order. */
const ofExtendedValidation = [
  'businessCategory',
  'jurisdictionC',
  'jurisdictionST',
  'jurisdictionL',
  'serialNumber',
  'organizationIdentifier',
]

const listed: ReadonlySet<string> = new Set([...order, ...ofExtendedValidation])

/** Looks at the subject of what is to be a TLS server certificate. */
export function checkPublicSubject(content: CsrContent, report: ProfileReport): void {
  const values = subjectValues(content)
  const found = firstOutOfOrder(values, order)
  if (found !== undefined) {
    const { value, before } = found
    const message = `The ${value.type} stands behind the ${before}; the order is ${order.join(', ')}.`
    report('public_tls_subject_order', value.pointer, message)
  }
  for (const value of values) checkType(value, report)
  for (const [i, rdn] of content.subject.entries()) {
    if (rdn.length < 2) continue
    const message = `The RDN has ${rdn.length} attributes; one is allowed.`
    report('public_tls_subject_multi_valued', `/subject/${i}`, message)
  }
  checkCommonNames(content, values, report)
}

function checkType({ type, pointer }: SubjectValue, report: ProfileReport): void {
  if (type === 'OU') {
    const message = 'There is an OU, which no certificate may have; leave it out.'
    report('public_tls_organizational_unit', pointer, message)
  } else if (!listed.has(type)) {
    const message = `The attribute ${type} is one that the requirements do not list; CAs leave it out or refuse it.`
    report('public_tls_subject_attribute', pointer, message)
  }
}

function checkCommonNames(
  { subjectAltNames }: CsrContent,
  values: readonly SubjectValue[],
  report: ProfileReport,
): void {
  const commonNames = values.filter(({ type }) => type === 'CN')
  if (commonNames.length > 1) {
    const message = `There are ${commonNames.length} common names; one is allowed.`
    report('public_tls_common_name_repeated', '/subject', message)
  }
  const names = new Set(
    subjectAltNames.flatMap((name) =>
      name.type === 'dns' || name.type === 'ip' ? [name.value.toLowerCase()] : [],
    ),
  )
  for (const { value, pointer } of commonNames) {
    if (names.has(value.toLowerCase())) continue
    const message = `The CN ${quoted(value)} is not among the subject alternative names; it has to be one of them, letter by letter.`
    report('public_tls_common_name_not_in_san', pointer, message)
  }
}
