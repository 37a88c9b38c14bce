import { quoted } from '../../character-rules.ts'
import { oids } from '../../csr-oids.ts'
import { mustStapleForm } from '../../extensions/must-staple.ts'
import { checkDnsName } from '../../names/dns-name.ts'
import { isIpAddress } from '../../names/ip-address.ts'
import { checkPublicKey } from '../../public-keys/public-key.ts'
import type { PublicKeyFindingCode } from '../../public-keys/public-key-findings.ts'
import type { CsrContent } from '../../read-csr.ts'
import type { Profile, ProfileReport } from '../profile.ts'
import { baseOf } from './public-dns-name.ts'
import { checkPublicName, checkPublicNames } from './public-names.ts'
import { publicSignatureFault } from './public-signature-fault.ts'
import { type SubjectValue, subjectValues } from './subject-values.ts'

const maxNames = 100
const maxLabels = 10
const rsaSizes: ReadonlySet<number | undefined> = new Set([2048, 3072, 4096])
const curves: ReadonlySet<string | undefined> = new Set(['P-256', 'P-384'])
const suffixCode = 'letsencrypt_dns_name_public_suffix'

const exponentFaults: readonly PublicKeyFindingCode[] = [
  'key_rsa_exponent_even',
  'key_rsa_exponent_small',
  'key_rsa_exponent_large',
  'key_rsa_exponent_unusual',
]

/** What Boulder, the program of Let's Encrypt, refuses or leaves out. */
export const letsencrypt: Profile = {
  about: "Let's Encrypt and other CAs that run its program, Boulder.",
  check: (content, report) => {
    const commonName = commonNameOf(content)
    checkCount(content, commonName, report)
    checkNameTypes(content, report)
    checkPublicNames(content, report, suffixCode)
    checkLabels(content, report)
    if (commonName !== undefined) checkCommonName(content, commonName, report)
    checkKey(content, report)
    checkIgnored(content, report)
    const fault = publicSignatureFault(content)
    if (fault !== undefined) report('letsencrypt_signature', '/signature', fault)
  },
  // The common name is added to the names, and of equal names one is kept.
  allows: ['common_name_not_in_san', 'san_duplicate'],
}

/** The last one is the one that Go's crypto/x509 keeps. */
function commonNameOf(content: CsrContent): SubjectValue | undefined {
  return subjectValues(content).findLast(({ type, value }) => type === 'CN' && value !== '')
}

function checkCount(
  { subjectAltNames }: CsrContent,
  commonName: SubjectValue | undefined,
  report: ProfileReport,
): void {
  const names = subjectAltNames.flatMap((name) =>
    name.type === 'dns' || name.type === 'ip' ? [name.value.toLowerCase()] : [],
  )
  if (commonName !== undefined) names.push(commonName.value.toLowerCase())
  const count = new Set(names).size
  if (count === 0) {
    const message = 'There is no dNSName, iPAddress or common name; at least one is needed.'
    report('letsencrypt_name_missing', '/subjectAltNames', message)
  }
  if (count > maxNames) {
    const message = `There are ${count} different names; at most ${maxNames} are allowed.`
    report('letsencrypt_too_many_names', '/subjectAltNames', message)
  }
}

function checkNameTypes({ subjectAltNames }: CsrContent, report: ProfileReport): void {
  for (const [i, { type }] of subjectAltNames.entries()) {
    if (type === 'dns' || type === 'ip') continue
    const refused = type === 'email' || type === 'uri'
    report(
      refused ? 'letsencrypt_san_refused' : 'letsencrypt_san_ignored',
      `/subjectAltNames/${i}`,
      `The name is of the type ${type}; dns and ip are allowed.`,
    )
  }
  const address = subjectAltNames.findIndex(({ type }) => type === 'ip')
  if (address < 0) return
  const message = 'There is an IP address; the order has to name the ACME profile shortlived.'
  report('letsencrypt_ip_profile', `/subjectAltNames/${address}`, message)
}

function checkLabels({ subjectAltNames }: CsrContent, report: ProfileReport): void {
  for (const [i, name] of subjectAltNames.entries()) {
    if (name.type === 'dns') checkLabelCount(name.value, `/subjectAltNames/${i}`, report)
  }
}

function checkLabelCount(name: string, pointer: string, report: ProfileReport): void {
  const count = baseOf(name).split('.').length
  if (count <= maxLabels) return
  const message = `The dns name has ${count} labels; at most ${maxLabels} are allowed.`
  report('letsencrypt_dns_name_labels', pointer, message)
}

/** One that is not among the dNSNames is made one of them, whatever it is. */
function checkCommonName(
  { subjectAltNames }: CsrContent,
  { value, pointer }: SubjectValue,
  report: ProfileReport,
): void {
  const lower = value.toLowerCase()
  if (subjectAltNames.some((name) => name.type === 'dns' && name.value.toLowerCase() === lower)) {
    return
  }
  if (isIpAddress(value) || checkDnsName(value) !== undefined) {
    const message = `The CN ${quoted(value)} is not a host name, as which it would be certified; leave it out.`
    report('letsencrypt_common_name', pointer, message)
    return
  }
  checkPublicName(value, pointer, report, suffixCode)
  checkLabelCount(value, pointer, report)
}

function checkKey({ spki }: CsrContent, report: ProfileReport): void {
  const faults = new Set<PublicKeyFindingCode>()
  const { kind, bits, curve, oid } = checkPublicKey(spki, (code) => faults.add(code))
  if (exponentFaults.some((code) => faults.has(code))) {
    const message = 'The public exponent of the RSA key is not 65537, which is needed.'
    report('letsencrypt_rsa_exponent', '/key', message)
  }
  if (kind === 'rsa' ? rsaSizes.has(bits) : kind === 'ec' && curves.has(curve)) return
  // What cannot be read has its own finding.
  const unread = kind === 'rsa' ? bits === undefined : kind === 'ec' && curve === undefined
  if (oid === undefined || unread) return
  const found = `${kind}${bits === undefined ? '' : ` of ${bits} bits`}`
  const message = `The key is ${found}; RSA of 2048, 3072 or 4096 bits, P-256 or P-384 is needed.`
  report('letsencrypt_key', '/key', message)
}

function checkIgnored(content: CsrContent, report: ProfileReport): void {
  if (content.extensions.mustStaple === true) {
    const message = 'Must-staple is asked for, which is refused since there is no OCSP.'
    report('letsencrypt_must_staple', '/extensions/mustStaple', message)
  }
  const known: readonly string[] = [oids.subjectAltName, mustStapleForm.oid]
  const extensions = content.requestedExtensions.map(({ oid }) => oid)
  const others = extensions.filter((oid) => !known.includes(oid))
  if (others.length > 0) {
    const message = `The extensions ${others.join(', ')} are left out; only subjectAltName is taken.`
    report('letsencrypt_extension_ignored', '/extensions', message)
  }
  const types = subjectValues(content).flatMap(({ type }) => (type === 'CN' ? [] : [type]))
  if (types.length === 0) return
  const message = `The subject’s ${types.join(', ')} are left out; only CN is taken.`
  report('letsencrypt_subject_ignored', '/subject', message)
}
