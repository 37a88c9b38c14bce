import { createPublicKey, type KeyObject } from 'node:crypto'
import { signatureAlgorithmOf } from './build-csr.ts'
import { oids } from './csr-oids.ts'
import { CsrError } from './errors.ts'
import { keyAlgorithms } from './keys/key-algorithms.ts'
import { sameGeneralName } from './names/general-names.ts'
import { type CsrContent, readCsr } from './read-csr.ts'
import type { Spec } from './spec.ts'
import { differingRdn } from './subject/distinguished-name.ts'

/** What a CSR has to agree with. */
export type ProofSubject = {
  spec: Spec
  /** DER of the public key of the pair that signed and is to be kept. */
  spki: Buffer
  /** The same key, if it is at hand already; otherwise it is made of `spki`. */
  publicKey?: KeyObject
  /** Default true. False leaves out the verification of the signature, and nothing else. */
  verifySignature?: boolean
}

/**
 * Proves, before a CSR is called ready, that it belongs to its key and says what was asked for:
 * its SPKI is the key's byte for byte, its signature verifies with that key, and read back
 * strictly it equals the spec field by field. A CSR that fails must never be stored beside that
 * key.
 *
 * @throws CsrError spki_mismatch, signature_invalid, spec_mismatch (with the field), or what
 * `readCsr` throws
 */
export function proveCsr(der: Buffer, subject: ProofSubject): void {
  const content = readCsr(der)
  proveSpki(content, subject)
  proveSpec(content, subject.spec)
  if (subject.verifySignature ?? true) proveSignature(content, subject)
}

function proveSpki(content: CsrContent, { spki, publicKey }: ProofSubject): void {
  if (!content.spki.equals(spki)) {
    throw new CsrError('spki_mismatch', 'The CSR has another public key than the key pair.', {
      field: 'spki',
    })
  }
  // Without this a signature could verify with a key that is not the one in the CSR.
  if (publicKey !== undefined && !publicKey.export({ type: 'spki', format: 'der' }).equals(spki)) {
    throw new CsrError('spki_mismatch', 'The public key to verify with has another SPKI.', {
      field: 'publicKey',
    })
  }
}

function proveSpec(content: CsrContent, spec: Spec): void {
  const field =
    differenceInSignatureAlgorithm(content, spec) ??
    differenceInSubject(content, spec) ??
    differenceInExtensions(content, spec) ??
    differenceInNames(content, spec)
  if (field === undefined) return
  throw new CsrError('spec_mismatch', `The CSR differs from its spec in ${field}.`, { field })
}

function differenceInSignatureAlgorithm(content: CsrContent, spec: Spec): string | undefined {
  const same = content.signatureAlgorithm.equals(signatureAlgorithmOf(spec.key))
  return same ? undefined : 'signatureAlgorithm'
}

function differenceInSubject(content: CsrContent, spec: Spec): string | undefined {
  const index = differingRdn(spec.subject, content.subject)
  return index === undefined ? undefined : `subject[${index}]`
}

/** Nothing is in a CSR that was not asked for: no other attribute, no other extension. */
function differenceInExtensions(content: CsrContent, spec: Spec): string | undefined {
  const named = spec.subjectAltNames.length > 0
  const attributes = named ? oids.extensionRequest : ''
  if (content.attributes.join() !== attributes) return 'attributes'
  const extensions = named ? oids.subjectAltName : ''
  if (content.extensions.map(({ oid }) => oid).join() !== extensions) return 'extensions'
  return content.sanCritical === (named && spec.subject.length === 0) ? undefined : 'sanCritical'
}

function differenceInNames(content: CsrContent, spec: Spec): string | undefined {
  const asked = spec.subjectAltNames
  const found = content.subjectAltNames
  const index = Array.from({ length: Math.max(asked.length, found.length) }, (_, i) => i).find(
    (i) => !sameName(asked[i], found[i]),
  )
  return index === undefined ? undefined : `subjectAltNames[${index}]`
}

function sameName(
  asked: Spec['subjectAltNames'][number] | undefined,
  found: CsrContent['subjectAltNames'][number] | undefined,
): boolean {
  return asked !== undefined && found !== undefined && sameGeneralName(asked, found)
}

function proveSignature(content: CsrContent, { spec, spki, publicKey }: ProofSubject): void {
  const { algorithm, digest } = spec.key
  const key = publicKey ?? publicKeyOf(spki)
  if (key === undefined) {
    throw new CsrError('spki_mismatch', 'The SPKI is not a public key.', { field: 'spki' })
  }
  if (keyAlgorithms[algorithm].verify(key, digest, content.toBeSigned, content.signature)) return
  throw new CsrError('signature_invalid', 'The signature does not verify with the public key.', {
    field: 'signature',
  })
}

function publicKeyOf(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
