import { oids } from './csr-oids.ts'
import * as der from './der/der-writer.ts'
import { CsrError } from './errors.ts'
import { checkSpki, keyAlgorithms } from './keys/key-algorithms.ts'
import { encodeGeneralName, type SubjectAltName } from './names/general-names.ts'
import type { KeySpec, Spec } from './spec.ts'
import { encodeName } from './subject/distinguished-name.ts'

const extensionRequest = der.oid(oids.extensionRequest)
const subjectAltName = der.oid(oids.subjectAltName)

/**
 * Makes the certification request (RFC 2986 section 4) that a spec asks for.
 *
 * @param spec one that `specSchema` accepted
 * @param spki DER of the public key; it is in the CSR byte for byte
 * @param sign makes the signature over the bytes it gets, with the spec's digest
 * @returns DER
 * @throws CsrError spki_mismatch if the public key is not of the spec's algorithm, unencodable
 * for a spec that `specSchema` would have refused; and whatever `sign` throws
 */
export async function buildCsr(
  spec: Spec,
  spki: Buffer,
  sign: (toBeSigned: Buffer) => Buffer | Promise<Buffer>,
): Promise<Buffer> {
  const fault = checkSpki(keyAlgorithms[spec.key.algorithm], spki)
  if (fault !== undefined) throw new CsrError('spki_mismatch', `The SPKI ${fault}.`)
  const signatureAlgorithm = signatureAlgorithmOf(spec.key)
  const toBeSigned = der.joinSequence([
    version,
    der.encode(encodeName(spec.subject)),
    spki,
    der.encode(attributes(spec)),
  ])
  const signature = await sign(toBeSigned)
  return der.joinSequence([toBeSigned, signatureAlgorithm, der.bitString(signature)])
}

/**
 * The AlgorithmIdentifier (DER) of the signature that a key makes. Throws `CsrError`
 * (unencodable) if it makes none.
 */
export function signatureAlgorithmOf(key: KeySpec): Buffer {
  const algorithm = keyAlgorithms[key.algorithm].digests.get(key.digest)
  if (algorithm !== undefined) return algorithm
  throw new CsrError('unencodable', `An ${key.algorithm} key does not sign with ${key.digest}.`)
}

const version = der.encode(der.zero)

/**
 * `[0]` is there even when it is empty; it holds one extensionRequest, and that only when there
 * are extensions.
 */
function attributes(spec: Spec): der.Asn1 {
  const extensions = requestedExtensions(spec)
  if (extensions.length === 0) return der.tagged(0, [])
  return der.tagged(0, [der.sequence([extensionRequest, der.setOf([der.sequence(extensions)])])])
}

function requestedExtensions({ subject, subjectAltNames }: Spec): der.Asn1[] {
  if (subjectAltNames.length === 0) return []
  return [altNameExtension(subjectAltNames, subject.length === 0)]
}

/**
 * Critical exactly when the subject is empty (RFC 5280 section 4.2.1.6); a false `critical` is
 * left out.
 */
function altNameExtension(names: SubjectAltName[], critical: boolean): der.Asn1 {
  const value = der.octetStringOf(der.sequence(names.map(encodeGeneralName)))
  return der.sequence(critical ? [subjectAltName, der.booleanTrue, value] : [subjectAltName, value])
}
