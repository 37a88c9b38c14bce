import { createPublicKey, type KeyObject } from 'node:crypto'
import { type AttributeName, attributeForms, attributeNames } from './attributes/attributes.ts'
import { signatureAlgorithmOf } from './build-csr.ts'
import { oids } from './csr-oids.ts'
import { CsrError } from './errors.ts'
import { differingExtension, extensionsInOrder } from './extensions/extensions.ts'
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
 * @throws CsrError spki_mismatch, signature_invalid, spec_mismatch (with its place as the pointer), or what
 * `readCsr` throws
 *
 * @example
 * ```ts
 * const key = await keyAlgorithms.ed25519.generate()
 * const spec = withKey(specSchema.parse({ subject: { CN: 'a' } }), { algorithm: 'ed25519' }).spec
 * const csr = await buildCsr(spec, key.spki, (bytes) => keyAlgorithms.ed25519.sign(key.privateKey, undefined, bytes))
 * proveCsr(csr, { spec, spki: key.spki }) // => undefined
 * ```
 */
export function proveCsr(der: Buffer, subject: ProofSubject): void {
  const content = readCsr(der)
  proveSpki(content, subject)
  proveSpec(content, subject)
  if (subject.verifySignature ?? true) proveSignature(content, subject)
}

/**
 * Proves of a CSR that was made here a moment ago the one thing whose opposite nobody could mend: that the public key in it is
 * the key's, byte for byte. It costs a thousandth of `proveCsr`, which is for all keys but those of lots in which some are
 * proved for all.
 *
 * @param subject `publicKey` of the very private key that signed
 * @throws CsrError spki_mismatch
 *
 * @example
 * ```ts
 * const key = await keyAlgorithms.ed25519.generate()
 * const spec = withKey(specSchema.parse({ subject: { CN: 'a' } }), { algorithm: 'ed25519' }).spec
 * const csr = await buildCsr(spec, key.spki, (bytes) => keyAlgorithms.ed25519.sign(key.privateKey, undefined, bytes))
 * proveKey(csr, { ...key, spec }) // => undefined
 * ```
 */
export function proveKey(
  der: Buffer,
  subject: Pick<ProofSubject, 'spki' | 'publicKey' | 'spec'>,
): void {
  // CertificationRequest { CertificationRequestInfo { version, name, subjectPKInfo, … } … } (RFC 2986 section 4).
  const info = contentAt(der, contentAt(der, 0).from)
  const version = contentAt(der, info.from)
  const { end } = contentAt(der, version.end)
  proveSpki({ spki: der.subarray(end, end + subject.spki.length) }, subject)
}

/** Where the content of the value at a place begins and ends. */
function contentAt(der: Buffer, at: number): { from: number; end: number } {
  const first = der[at + 1] ?? 0
  if (first < 0x80) return { from: at + 2, end: at + 2 + first }
  const octets = first - 0x80
  const from = at + 2 + octets
  const length =
    octets > 0 && octets <= 4 && from <= der.length ? der.readUIntBE(at + 2, octets) : 0
  return { from, end: from + length }
}

function proveSpki(
  content: Pick<CsrContent, 'spki'>,
  { spki, publicKey, spec }: Pick<ProofSubject, 'spki' | 'publicKey' | 'spec'>,
): void {
  if (!content.spki.equals(spki)) {
    throw new CsrError('spki_mismatch', 'The CSR has another public key than the key pair.', {
      pointer: '/spki',
    })
  }
  // Without this a signature could verify with a key that is not the one in the CSR.
  const { exportSpki } = keyAlgorithms[spec.key.algorithm]
  if (publicKey !== undefined && !exportSpki(publicKey).equals(spki)) {
    throw new CsrError('spki_mismatch', 'The public key to verify with has another SPKI.', {
      pointer: '/publicKey',
    })
  }
}

function proveSpec(content: CsrContent, { spec, spki }: ProofSubject): void {
  const pointer =
    differenceInSignatureAlgorithm(content, spec) ??
    differenceInSubject(content, spec) ??
    differenceInNames(content, spec) ??
    differenceInExtensions(content, spec, spki) ??
    differenceInAttributes(content, spec)
  if (pointer === undefined) return
  throw new CsrError('spec_mismatch', `The CSR differs from its spec at ${pointer}.`, { pointer })
}

function differenceInSignatureAlgorithm(content: CsrContent, spec: Spec): string | undefined {
  const same = content.signatureAlgorithm.equals(signatureAlgorithmOf(spec.key))
  return same ? undefined : '/signatureAlgorithm'
}

function differenceInSubject(content: CsrContent, spec: Spec): string | undefined {
  const index = differingRdn(spec.subject, content.subject)
  return index === undefined ? undefined : `/subject/${index}`
}

function differenceInNames(content: CsrContent, spec: Spec): string | undefined {
  const asked = spec.subjectAltNames
  const found = content.subjectAltNames
  const index = Array.from({ length: Math.max(asked.length, found.length) }, (_, i) => i).find(
    (i) => !sameName(asked[i], found[i]),
  )
  return index === undefined ? undefined : `/subjectAltNames/${index}`
}

/** Nothing is in a CSR that was not asked for, and nothing is critical that should not be. */
function differenceInExtensions(content: CsrContent, spec: Spec, spki: Buffer): string | undefined {
  const { subject, subjectAltNames, extensions = {} } = spec
  const altName = { oid: oids.subjectAltName, critical: subject.length === 0 }
  const asked = [...(subjectAltNames.length > 0 ? [altName] : []), ...extensionsInOrder(extensions)]
  const form = ({ oid, critical }: { oid: string; critical: boolean }) => `${oid} ${critical}`
  if (asked.map(form).join() !== content.requestedExtensions.map(form).join()) return '/extensions'
  const field = differingExtension(extensions, content.extensions, spki)
  return field && `/extensions/${field}`
}

function differenceInAttributes(content: CsrContent, spec: Spec): string | undefined {
  const { attributes = {} } = spec
  const asked = attributeNames.filter((name) => attributes[name] !== undefined)
  const count = asked.length + (content.requestedExtensions.length > 0 ? 1 : 0)
  if (content.attributeTypes.length !== count) return '/attributes'
  const name = attributeNames.find((one) => !sameAttribute(one, attributes[one], content))
  return name && `/attributes/${name}`
}

function sameAttribute(name: AttributeName, asked: string | undefined, content: CsrContent) {
  const stringType = asked === undefined ? undefined : attributeForms[name].stringType(asked)
  return content.attributes[name] === asked && content.attributeStringTypes[name] === stringType
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
    throw new CsrError('spki_mismatch', 'The SPKI is not a public key.', { pointer: '/spki' })
  }
  if (keyAlgorithms[algorithm].verify(key, digest, content.toBeSigned, content.signature)) return
  throw new CsrError('signature_invalid', 'The signature does not verify with the public key.', {
    pointer: '/signature',
  })
}

function publicKeyOf(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
