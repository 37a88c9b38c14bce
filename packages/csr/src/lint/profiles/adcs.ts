import { placeOf } from '../../extensions/extension-rules.ts'
import { describePublicKey } from '../../public-keys/public-key.ts'
import type { CsrContent } from '../../read-csr.ts'
import type { Profile, ProfileReport } from '../profile.ts'
import { subjectValues } from './subject-values.ts'

/** The registry's CA\SubjectTemplate as it is set up; the rest is left out of certificates. */
const subjectTemplate: readonly string[] = ['emailAddress', 'CN', 'OU', 'O', 'L', 'ST', 'DC', 'C']

/** Extensions that the policy module passes on or makes itself. */
const known: ReadonlySet<string> = new Set([
  '2.5.29.14', // subjectKeyIdentifier
  '2.5.29.15', // keyUsage
  '2.5.29.17', // subjectAltName
  '2.5.29.19', // basicConstraints
  '2.5.29.32', // certificatePolicies
  '2.5.29.37', // extendedKeyUsage
  '1.2.840.113549.1.9.15', // S/MIME capabilities
  '1.3.6.1.4.1.311.20.2', // name of the template
  '1.3.6.1.4.1.311.21.1', // version of a CA
  '1.3.6.1.4.1.311.21.7', // template
  '1.3.6.1.4.1.311.21.10', // application policies
])

/** What AD CS, enterprise or standalone, needs or leaves out. */
export const adcs: Profile = {
  about: 'Microsoft Active Directory Certificate Services, for TLS certificates.',
  check: (content, report) => {
    checkTemplate(content, report)
    checkExtensions(content, report)
    checkKey(content, report)
    for (const { type, pointer } of subjectValues(content)) {
      if (subjectTemplate.includes(type)) continue
      const message = `The ${type} is left out unless the CA is set up for it; ${subjectTemplate.join(', ')} are taken.`
      report('adcs_subject_attribute', pointer, message)
    }
  },
}

function checkTemplate({ extensions }: CsrContent, report: ProfileReport): void {
  const { microsoftTemplate, microsoftTemplateName } = extensions
  if (microsoftTemplate === undefined && microsoftTemplateName === undefined) {
    const message =
      'No certificate template is named; an enterprise CA needs it, or certreq -attrib "CertificateTemplate:…".'
    report('adcs_template_missing', '/extensions', message)
  }
  if (microsoftTemplate !== undefined && microsoftTemplateName !== undefined) {
    const message =
      'A template is named and another one identified; unless they are the same one, the CA refuses.'
    report('adcs_template_conflict', '/extensions/microsoftTemplate', message)
  }
}

function checkExtensions(content: CsrContent, report: ProfileReport): void {
  const { extensions, requestedExtensions } = content
  if (extensions.keyUsage === undefined) {
    const message = 'There is no key usage; a standalone CA then gives a certificate without one.'
    report('adcs_key_usage_missing', '/extensions', message)
  }
  if (extensions.extendedKeyUsage === undefined) {
    const message =
      'There is no extended key usage; a standalone CA then gives a certificate without one.'
    report('adcs_purpose_missing', '/extensions', message)
  }
  for (const { oid } of requestedExtensions) {
    if (known.has(oid)) continue
    const message = `The extension ${oid} is left out unless the CA is set up for it.`
    report('adcs_extension_ignored', placeOf(oid, content), message)
  }
}

function checkKey({ spki }: CsrContent, report: ProfileReport): void {
  const { kind } = describePublicKey(spki)
  if (kind === 'ed25519' || kind === 'ed448') {
    const message = `The key is of the kind ${kind}, which Windows does not know; RSA or ECDSA is needed.`
    report('adcs_key_unsupported', '/key', message)
  }
  if (kind === 'ml-dsa') {
    const message =
      'The key is an ML-DSA key; Windows Server 2025 with the update of May 2026 is needed.'
    report('adcs_key_ml_dsa', '/key', message)
  }
}
