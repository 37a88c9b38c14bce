import { type DerElement, readDer } from '../der/der-reader.ts'
import { CsrError } from '../errors.ts'
import { refusal } from './private-key-error.ts'

/** Reads DER of a private key. Throws `PrivateKeyError` (malformed_der). */
export function readPrivateDer(der: Buffer): DerElement {
  return asPrivateKeyError(() => readDer(der))
}

/** Does what throws `CsrError`, and throws `PrivateKeyError` (malformed_der) in its place. */
export function asPrivateKeyError<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const message = error instanceof CsrError ? error.message : 'The DER cannot be read.'
    throw refusal('malformed_der', message)
  }
}
