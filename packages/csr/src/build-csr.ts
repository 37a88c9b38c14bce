import { encodeAttribute, encodeAttributes } from './attributes/attributes.ts'
import { oids } from './csr-oids.ts'
import * as der from './der/der-writer.ts'
import { CsrError } from './errors.ts'
import { encodeExtension, encodeExtensions } from './extensions/extensions.ts'
import { checkSpki } from './keys/check-spki.ts'
import { keyAlgorithms } from './keys/key-algorithms.ts'
import { encodeGeneralName, type SubjectAltName } from './names/general-names.ts'
import type { KeySpec, Spec } from './spec.ts'
import { encodeName } from './subject/distinguished-name.ts'

const subjectAltName = der.oid(oids.subjectAltName)
const extensionRequest = der.oid(oids.extensionRequest)
const version = der.integer(0)
const noAttributes = der.tagged(0, [])

/**
 * Makes the certification request (RFC 2986 section 4) that a spec asks for.
 *
 * @param spec one that `specSchema` accepted
 * @param spki DER of the public key; it is in the CSR byte for byte
 * @param sign makes the signature over the bytes it gets, with the spec's digest; a key that
 * cannot leave its place signs there
 * @returns DER
 * @throws CsrError spki_mismatch if the public key is not of the spec's algorithm, unencodable
 * for a spec that `specSchema` would have refused; and whatever `sign` throws
 *
 * @example
 * ```ts
 * const key = await keyAlgorithms['ecdsa-p256'].generate()
 * const spec = specSchema.parse({ subject: { commonName: 'edge-1.example.com' } })
 * const csr = await buildCsr(spec, key.spki, (bytes) => keyAlgorithms['ecdsa-p256'].sign(key.privateKey, 'sha256', bytes))
 * toPem(csr).split('\n')[0] // => "-----BEGIN CERTIFICATE REQUEST-----"
 * ```
 */
export async function buildCsr(
  spec: Spec,
  spki: Buffer,
  sign: (toBeSigned: Buffer) => Buffer | Promise<Buffer>,
): Promise<Buffer> {
  const fault = checkSpki(keyAlgorithms[spec.key.algorithm], spki)
  if (fault !== undefined) throw new CsrError('spki_mismatch', `The SPKI ${fault}.`)
  const signatureAlgorithm = signatureAlgorithmOf(spec.key)
  const toBeSigned = der.sequence([
    version,
    encodeName(spec.subject),
    spki,
    attributesOf(spec, spki),
  ])
  const signature = await sign(toBeSigned)
  return der.sequence([toBeSigned, signatureAlgorithm, der.bitString(signature)])
}

/**
 * The AlgorithmIdentifier (DER) of the signature that a key makes. Throws `CsrError`
 * (unencodable) if it makes none.
 */
export function signatureAlgorithmOf(key: KeySpec): Buffer {
  const algorithm = keyAlgorithms[key.algorithm].signatureAlgorithms.get(key.digest)
  if (algorithm !== undefined) return algorithm
  throw new CsrError('unencodable', `An ${key.algorithm} key does not sign with ${key.digest}.`)
}

/**
 * `[0]` is there even when it is empty; it holds one extensionRequest, and that only when there
 * are extensions. Sorting puts a challengePassword in front of it, as Sectigo's SCEP needs it,
 * unless the password is longer than the extensions.
 */
function attributesOf(spec: Spec, spki: Buffer): Buffer {
  const attributes = encodeAttributes(spec.attributes ?? {})
  const extensions = requestedExtensions(spec, spki)
  if (extensions.length > 0) {
    attributes.push(encodeAttribute(extensionRequest, der.sequence(extensions)))
  }
  if (attributes.length === 0) return noAttributes
  return der.tagged(0, attributes.toSorted(Buffer.compare))
}

function requestedExtensions(
  { subject, subjectAltNames, extensions }: Spec,
  spki: Buffer,
): Buffer[] {
  const named =
    subjectAltNames.length > 0 ? [altNameExtension(subjectAltNames, subject.length === 0)] : []
  return extensions === undefined ? named : [...named, ...encodeExtensions(extensions, spki)]
}

/** Critical exactly when the subject is empty (RFC 5280 section 4.2.1.6). */
function altNameExtension(names: SubjectAltName[], critical: boolean): Buffer {
  return encodeExtension(subjectAltName, critical, der.sequence(names.map(encodeGeneralName)))
}
