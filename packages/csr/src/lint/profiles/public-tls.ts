import { quoted } from '../../character-rules.ts'
import { describePublicKey } from '../../public-keys/public-key.ts'
import type { CsrContent } from '../../read-csr.ts'
import type { Profile, ProfileReport } from '../profile.ts'
import { checkPublicNames } from './public-names.ts'
import { publicSignatureFault } from './public-signature-fault.ts'
import { checkPublicSubject } from './public-tls-subject.ts'
import { checkPublicUsages } from './public-tls-usages.ts'

const curves: ReadonlySet<string | undefined> = new Set(['P-256', 'P-384', 'P-521'])

/** What every publicly trusted CA has to refuse or leave out of a TLS server certificate. */
export const publicTls: Profile = {
  about:
    'TLS server certificates of publicly trusted CAs (CA/Browser Forum Baseline Requirements).',
  check: (content, report) => {
    checkNameTypes(content, report)
    checkPublicNames(content, report, 'public_tls_dns_name_public_suffix')
    checkPublicSubject(content, report)
    checkKey(content, report)
    checkPublicUsages(content, report)
    const fault = publicSignatureFault(content)
    if (fault !== undefined) report('public_tls_signature', '/signature', fault)
  },
  // Both have a sharper finding here.
  allows: ['common_name_not_in_san', 'extended_key_usage_any'],
}

function checkNameTypes({ subjectAltNames }: CsrContent, report: ProfileReport): void {
  if (!subjectAltNames.some(({ type }) => type === 'dns' || type === 'ip')) {
    report(
      'public_tls_san_missing',
      '/subjectAltNames',
      'There is no dNSName and no iPAddress; at least one is needed, a common name does not count.',
    )
  }
  for (const [i, { type }] of subjectAltNames.entries()) {
    if (type === 'dns' || type === 'ip') continue
    const message = `The name is of the type ${type}; dns and ip are allowed.`
    report('public_tls_san_type', `/subjectAltNames/${i}`, message)
  }
}

function checkKey({ spki }: CsrContent, report: ProfileReport): void {
  const { kind, curve, oid } = describePublicKey(spki)
  // What cannot be read has its own finding, and so has a size that is too small.
  if (oid === undefined || kind === 'rsa') return
  if (kind === 'ec' && (curve === undefined || curves.has(curve))) return
  const found = kind === 'ec' ? `on the curve ${quoted(curve ?? '')}` : `of the kind ${kind}`
  report('public_tls_key', '/key', `The key is ${found}; RSA, P-256, P-384 or P-521 is needed.`)
}
