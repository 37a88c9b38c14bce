import { quoted } from '../../character-rules.ts'
import { oids } from '../../csr-oids.ts'
import { placeOf } from '../../extensions/extension-rules.ts'
import type { CsrContent } from '../../read-csr.ts'
import type { Profile, ProfileReport } from '../profile.ts'
import { type SubjectValue, subjectValues } from './subject-values.ts'

const registeredArc = '1.3.6.1.4.1.34380.1.1'
const privateArc = '1.3.6.1.4.1.34380.1.2'
const authorizationArc = '1.3.6.1.4.1.34380.1.3'
// pp_cli_auth: whoever has it governs the CA, so no CSR can ask for it.
const cliAuth = '1.3.6.1.4.1.34380.1.3.39'

const label = /^[A-Za-z0-9_-]*[A-Za-z0-9_]$/

/** What Puppet Server's CA refuses, as it is set up or always, or leaves out. */
export const puppet: Profile = {
  about: "Puppet Server's CA.",
  check: (content, report) => {
    const [certname, ...others] = sortedSubject(content)
    checkCertname(certname, report)
    if (others.length > 0) {
      const types = others.map(({ type }) => type).join(', ')
      const message = `The subject’s ${types} are left out; only one CN is taken.`
      report('puppet_subject_ignored', '/subject', message)
    }
    checkExtensions(content, report)
    checkAltNames(content, certname, report)
  },
  // The CA makes the common name an alternative name itself.
  allows: ['common_name_not_in_san'],
}

/** The first common name, which is the one that Puppet reads, and then the rest. */
function sortedSubject(content: CsrContent): [SubjectValue | undefined, ...SubjectValue[]] {
  const values = subjectValues(content)
  const certname = values.find(({ type }) => type === 'CN')
  return [certname, ...values.filter((value) => value !== certname)]
}

function checkCertname(certname: SubjectValue | undefined, report: ProfileReport): void {
  if (certname === undefined) {
    const message = 'There is no common name; the certname is needed as one.'
    report('puppet_certname_missing', '/subject', message)
    return
  }
  const { value, pointer } = certname
  if (value !== value.toLowerCase()) {
    const message = `The CN ${quoted(value)} has upper-case letters; lower-case ones are needed.`
    report('puppet_certname_case', pointer, message)
  }
  if (isCertname(value)) return
  const message = `The CN ${quoted(value)} is no certname; labels of letters, digits, - and _ are needed, with no - at either end and no *.`
  report('puppet_certname_form', pointer, message)
}

// As Clojure splits it: dots at the end are not looked at.
function isCertname(name: string): boolean {
  const labels = name.split('.')
  while (labels.length > 1 && labels.at(-1) === '') labels.pop()
  return labels[0]?.startsWith('-') === false && labels.every((one) => label.test(one))
}

function checkExtensions(content: CsrContent, report: ProfileReport): void {
  for (const { oid } of content.requestedExtensions) {
    if (isBelow(oid, authorizationArc) && oid !== cliAuth) {
      const message = `The extension ${oid} is for authorization; the CA refuses it unless allow-authorization-extensions is set.`
      report('puppet_authorization_extension', placeOf(oid, content), message)
    } else if (!isPermitted(oid)) {
      const message = `The extension ${oid} is not permitted; leave it out, Puppet makes its own.`
      report('puppet_extension', placeOf(oid, content), message)
    }
  }
}

function isPermitted(oid: string): boolean {
  return oid === oids.subjectAltName || isBelow(oid, registeredArc) || isBelow(oid, privateArc)
}

function isBelow(oid: string, arc: string): boolean {
  return oid.startsWith(`${arc}.`)
}

function checkAltNames(
  { subjectAltNames }: CsrContent,
  certname: SubjectValue | undefined,
  report: ProfileReport,
): void {
  const names = subjectAltNames.filter(({ type }) => type === 'dns' || type === 'ip')
  const [first, ...others] = names
  const isOwn = first?.type === 'dns' && first.value === certname?.value
  if (first !== undefined && (others.length > 0 || !isOwn)) {
    const message =
      'There are more alternative names than the certname; the CA refuses them unless allow-subject-alt-names is set.'
    report('puppet_san', '/subjectAltNames', message)
  }
  for (const [i, name] of subjectAltNames.entries()) {
    const pointer = `/subjectAltNames/${i}`
    if (name.type !== 'dns' && name.type !== 'ip') {
      const message = `The name is of the type ${name.type}; dns and ip are allowed.`
      report('puppet_san_type', pointer, message)
    } else if (name.value.includes('*')) {
      report('puppet_san_wildcard', pointer, 'The name has a wildcard; none is allowed.')
    }
  }
}
