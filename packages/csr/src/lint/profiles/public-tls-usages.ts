import type { CsrContent } from '../../read-csr.ts'
import type { ProfileReport } from '../profile.ts'

const ofCas: readonly string[] = ['keyCertSign', 'cRLSign']

// keyEncipherment and keyAgreement depend on the key, which the standards look at already.
const ofServers: readonly string[] = [
  'digitalSignature',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
]

const forbidden: ReadonlySet<string> = new Set([
  'codeSigning',
  'emailProtection',
  'timeStamping',
  'OCSPSigning',
  'anyExtendedKeyUsage',
  '1.3.6.1.4.1.11129.2.4.4', // signs precertificates
])

/** Looks at what a TLS server certificate would be for. */
export function checkPublicUsages({ extensions }: CsrContent, report: ProfileReport): void {
  const { basicConstraints, keyUsage, extendedKeyUsage } = extensions
  if (basicConstraints?.ca === true) {
    const message = 'The basic constraints say that it is a CA; a server’s certificate is none.'
    report('public_tls_ca', '/extensions/basicConstraints', message)
  }
  if (keyUsage !== undefined) checkKeyUsages(keyUsage.usages, report)
  if (extendedKeyUsage !== undefined) checkPurposes(extendedKeyUsage.usages, report)
}

function checkKeyUsages(usages: readonly string[], report: ProfileReport): void {
  for (const usage of usages) {
    if (ofServers.includes(usage)) continue
    const code = ofCas.includes(usage) ? 'public_tls_key_usage_ca' : 'public_tls_key_usage'
    const message = `The key usage has ${usage}; digitalSignature is needed, with RSA keyEncipherment is allowed.`
    report(code, '/extensions/keyUsage', message)
  }
}

function checkPurposes(purposes: readonly string[], report: ProfileReport): void {
  const pointer = '/extensions/extendedKeyUsage'
  for (const purpose of purposes) {
    if (purpose === 'serverAuth' || purpose === 'clientAuth') continue
    const code = forbidden.has(purpose)
      ? 'public_tls_purpose_forbidden'
      : 'public_tls_purpose_unusual'
    report(code, pointer, `The purpose ${purpose} is asked for; serverAuth is needed.`)
  }
  if (purposes.includes('serverAuth')) return
  const message = 'The extended key usage has no serverAuth, which is needed.'
  report('public_tls_purpose_missing', pointer, message)
}
