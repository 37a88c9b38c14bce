import type { DerFindingCode } from '../der/der-findings.ts'
import { type DerElement, readDer } from '../der/der-reader.ts'
import { PrivateKeyError, refusal } from './private-key-error.ts'

/** Reads DER of a private key. Throws `PrivateKeyError` (malformed_der). */
export function readPrivateDer(der: Buffer): DerElement {
  return asPrivateKeyError(() => readDer(der, refuseWithoutNumbers))
}

/** Does what throws `CsrError`, and throws `PrivateKeyError` (malformed_der) in its place. */
export function asPrivateKeyError<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof PrivateKeyError) throw error
    throw refusal('malformed_der', 'The DER is not well-formed.')
  }
}

// What the reader says of lengths and tags could be octets of a key that is no DER inside.
function refuseWithoutNumbers(code: DerFindingCode): never {
  const message =
    code === 'der_trailing_bytes'
      ? 'The DER has octets after its end; none may follow.'
      : 'The DER is not well-formed.'
  throw refusal('malformed_der', message)
}
