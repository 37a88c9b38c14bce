import { type DerElement, readDer, readOid, tags } from '../der/der-reader.ts'
import { keyAlgorithms } from '../keys/key-algorithms.ts'
import type { Report } from '../lint/finding.ts'
import { checkPublicKey, keyTitleOf, type PublicKeyFacts } from '../public-keys/public-key.ts'
import type { PublicKeyFindingCode } from '../public-keys/public-key-findings.ts'
import { type PssParameters, readPssParameters } from './pss-parameters.ts'
import {
  type SignatureAlgorithm,
  type SignatureDigest,
  shortDigests,
  signatureAlgorithms,
  weakDigests,
} from './signature-algorithms.ts'
import type { SignatureFindingCode } from './signature-findings.ts'
import { checkSignatureValue } from './signature-value.ts'
import { type SignatureParts, type Verdict, verifySignature } from './verify-signature.ts'

/**
 * Looks at the signature of a CSR and verifies it with the CSR's own key; reports all that is
 * wrong with it, at the pointer `/signature`. What can be verified in spite of a fault is: a good
 * SHA-1 signature has the finding of its digest and no other. Faults of the key itself are left to
 * `checkPublicKey`. Never throws.
 */
export function checkSignature(parts: SignatureParts, report: Report<SignatureFindingCode>): void {
  const reportHere: SignatureReport = (code, message) => report(code, '/signature', message)
  const identifier = readIdentifier(parts.signatureAlgorithm)
  if (identifier === undefined) {
    const message = 'The signature algorithm is not SEQUENCE { OBJECT IDENTIFIER, parameters }.'
    reportHere('signature_algorithm_malformed', message)
    return
  }
  const algorithm = signatureAlgorithms.get(identifier.oid)
  if (algorithm === undefined) {
    const message = `The signature algorithm ${identifier.oid} is not known; it is not verified.`
    reportHere('signature_algorithm_unknown', message)
    return
  }
  checkKnown(parts, algorithm, identifier.parameters, reportHere)
}

type SignatureReport = (code: SignatureFindingCode, message: string) => void

function readIdentifier(der: Buffer): { oid: string; parameters?: DerElement } | undefined {
  try {
    // BER that is not DER was told of when the CSR was read.
    const { tag, children } = readDer(der, () => {})
    const [oid, parameters, ...more] = children
    if (tag !== tags.sequence || more.length > 0) return undefined
    return { oid: readOid(oid), ...(parameters && { parameters }) }
  } catch {
    return undefined
  }
}

function checkKnown(
  parts: SignatureParts,
  algorithm: SignatureAlgorithm,
  parameters: DerElement | undefined,
  report: SignatureReport,
): void {
  const keyFaults = new Set<PublicKeyFindingCode>()
  const key = checkPublicKey(parts.spki, (code) => keyFaults.add(code))
  const pss = algorithm.scheme === 'pss' ? checkPss(parameters, report) : undefined
  checkParameters(algorithm, parameters, report)
  const digest = pss?.digest ?? algorithm.digest
  if (digest !== undefined) checkDigest(digest, key, report)
  if (!fitsKey(algorithm, key, report)) return
  const encoding = checkSignatureValue(algorithm.scheme, parts.signature, key, report)
  if (algorithm.scheme === 'dsa') {
    report('signature_algorithm_obsolete', 'The signature is DSA; RSA or ECDSA is needed.')
    return
  }
  const ways = { scheme: algorithm.scheme, digest, pss, encoding }
  reportVerdict(verifySignature(parts, ways, keyFaults), report)
}

function checkPss(
  parameters: DerElement | undefined,
  report: SignatureReport,
): PssParameters | undefined {
  report('signature_rsa_pss', 'The signature is RSASSA-PSS; PKCS #1 v1.5 is taken everywhere.')
  const pss = readPssParameters(parameters)
  if (pss?.usualSalt !== true) {
    const message = 'The RSASSA-PSS parameters are not one digest, MGF1 with it and a salt as long.'
    report('signature_pss_parameters', message)
  }
  return pss
}

function checkParameters(
  { name, scheme }: SignatureAlgorithm,
  parameters: DerElement | undefined,
  report: SignatureReport,
): void {
  if (scheme === 'pss') return
  if (scheme === 'pkcs1') {
    if (parameters?.tag === tags.null && parameters.content.length === 0) return
    const found = parameters === undefined ? 'missing' : 'not NULL'
    const message = `The parameters of ${name} are ${found}; NULL is needed.`
    report('signature_parameters_not_null', message)
  } else if (parameters !== undefined) {
    report('signature_parameters_present', `${name} has parameters; none may be there.`)
  }
}

function checkDigest(
  digest: SignatureDigest,
  { algorithm, kind }: PublicKeyFacts,
  report: SignatureReport,
): void {
  const usual = algorithm && [...keyAlgorithms[algorithm].signatureAlgorithms.keys()]
  const start = `The signature’s digest is ${digest};`
  if (weakDigests.has(digest)) {
    report('signature_digest_weak', `${start} it is broken, sha256 or longer is needed.`)
  } else if (shortDigests.has(digest)) {
    report('signature_digest_short', `${start} CAs need sha256 or longer.`)
  } else if (digest !== 'sha256' && digest !== 'sha384' && digest !== 'sha512') {
    report('signature_digest_unusual', `${start} sha256, sha384 and sha512 are known everywhere.`)
  } else if (kind === 'ec' && usual?.includes(digest) === false) {
    report('signature_digest_curve', `${start} ${usual.join(', ')} is the curve’s.`)
  }
}

function fitsKey(
  { name, keys }: SignatureAlgorithm,
  { oid }: PublicKeyFacts,
  report: SignatureReport,
): boolean {
  // A key that cannot be read has its own finding.
  if (oid === undefined) return false
  if (keys.includes(oid)) return true
  const needed = keys.map(keyTitleOf).join(' or ')
  const message = `The signature is ${name}, for which a key of the kind ${needed} is needed; the key is of the kind ${keyTitleOf(oid)}.`
  report('signature_algorithm_mismatch', message)
  return false
}

const reasons: Readonly<Record<Exclude<Verdict, 'good' | 'bad'>, string>> = {
  key_fault: 'the key has a fault or a size with which nothing is computed here; make another',
  no_digest: 'its parameters name no digest that is known here; name sha256',
  not_taken: 'OpenSSL takes no such key or digest; use others',
}

function reportVerdict(verdict: Verdict, report: SignatureReport): void {
  if (verdict === 'good') return
  if (verdict === 'bad') {
    const message =
      'The signature does not verify with the public key; the CSR was altered or damaged.'
    report('signature_invalid', message)
  } else {
    const message = `The signature is not verified: ${reasons[verdict]}, or check it with another program.`
    report('signature_not_checked', message)
  }
}
