import { checkLength } from '../../character-rules.ts'
import { oids } from '../../csr-oids.ts'
import { isPrintableString } from '../../der/der-string.ts'
import { placeOf } from '../../extensions/extension-rules.ts'
import { sameGeneralName } from '../../names/general-names.ts'
import { hostNameAltName } from '../../names/subject-alt-names.ts'
import type { CsrContent } from '../../read-csr.ts'
import type { Profile, ProfileReport } from '../profile.ts'
import { firstOutOfOrder, type SubjectValue, subjectValues } from './subject-values.ts'

const order = ['C', 'ST', 'L', 'O', 'OU', 'CN']
const needed = ['C', 'ST', 'L', 'O', 'CN']

const limits: ReadonlyMap<string, number> = new Map([
  ['CN', 63],
  ['O', 60],
  ['OU', 60],
  ['L', 50],
  ['ST', 60],
])

/** What tells a CSR from one that a Lenovo XClarity Administrator writes. */
export const lxca: Profile = {
  about: 'What a Lenovo XClarity Administrator writes.',
  check: (content, report) => {
    checkSubject(content, report)
    checkKey(content, report)
    checkAltNames(content, report)
    checkAttributes(content, report)
  },
  // The product keeps names that it was given twice.
  allows: ['san_duplicate'],
}

function checkSubject(content: CsrContent, report: ProfileReport): void {
  const values = subjectValues(content)
  const types: readonly string[] = values.map(({ type }) => type)
  const found = firstOutOfOrder(values, order)
  if (found !== undefined) {
    const { value, before } = found
    const message = `The ${value.type} stands behind the ${before}; the order is ${order.join(', ')}.`
    report('lxca_subject_order', value.pointer, message)
  }
  const missing = needed.filter((type) => !types.includes(type))
  if (missing.length > 0) {
    const message = `The subject has no ${missing.join(', ')}; it has ${needed.join(', ')} at least.`
    report('lxca_subject_attribute_missing', '/subject', message)
  }
  const seen = new Set<string>()
  for (const value of values) {
    checkValue(value, report)
    const repeated = seen.has(value.type)
    seen.add(value.type)
    if (order.includes(value.type) && !repeated) continue
    const message = `The ${value.type} is not expected; ${order.join(', ')} are, each once.`
    report('lxca_subject_attribute', value.pointer, message)
  }
}

function checkValue({ type, value, stringType, pointer }: SubjectValue, report: ProfileReport) {
  const fault = checkLength(value, limits.get(type) ?? Number.POSITIVE_INFINITY)
  if (fault !== undefined) report('lxca_subject_value_length', pointer, `The ${type} ${fault}.`)
  if (stringType === 'printable' || !isPrintableString(value)) return
  const message = `The ${type} is written as ${stringType}; a PrintableString is expected.`
  report('lxca_string_type', pointer, message)
}

function checkKey({ key }: CsrContent, report: ProfileReport): void {
  const found = key === undefined ? 'another' : `${key.algorithm} with ${key.digest ?? 'no digest'}`
  if (found === 'rsa-2048 with sha256' || found === 'rsa-3072 with sha384') return
  const message = `The key is ${found}; rsa-2048 with sha256 or rsa-3072 with sha384 is expected.`
  report('lxca_key', '/key', message)
}

function checkAltNames(content: CsrContent, report: ProfileReport): void {
  const { subjectAltNames } = content
  for (const [i, { type }] of subjectAltNames.entries()) {
    if (type === 'dns' || type === 'ip') continue
    const message = `The name is of the type ${type}; dns and ip are expected.`
    report('lxca_san_type', `/subjectAltNames/${i}`, message)
  }
  const commonName = subjectValues(content).findLast(({ type }) => type === 'CN')
  const name = commonName && hostNameAltName(commonName.value)
  const last = subjectAltNames.at(-1)
  if (name === undefined || (last !== undefined && sameGeneralName(name, last))) return
  const message = 'The last of the subject alternative names is not the CN, as it is expected.'
  report('lxca_common_name_last', '/subjectAltNames', message)
}

function checkAttributes(content: CsrContent, report: ProfileReport): void {
  const { requestedExtensions, attributeTypes } = content
  for (const { oid } of requestedExtensions) {
    if (oid === oids.subjectAltName) continue
    const message = `The extension ${oid} is not expected; only subjectAltName is.`
    report('lxca_extension', placeOf(oid, content), message)
  }
  for (const [i, oid] of attributeTypes.entries()) {
    if (oid === oids.extensionRequest) continue
    const message = `The attribute ${oid} is not expected; only an extensionRequest is.`
    report('lxca_attribute', `/attributes/${i}`, message)
  }
}
