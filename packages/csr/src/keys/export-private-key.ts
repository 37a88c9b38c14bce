import { CsrError } from '../errors.ts'
import { keyAlgorithmOfSpki } from './check-spki.ts'
import { type KeyPair, keyAlgorithms } from './key-algorithms.ts'

/**
 * The private key as PKCS #8 DER (RFC 5958), in the clear; for ML-DSA in the form that has the
 * 32-octet seed alone (RFC 9881 section 6). The caller seals it and then wipes the buffer
 * (`fill(0)`); nobody else ever holds it.
 *
 * @throws CsrError unsupported if the key is none of the table's algorithms, or an ML-DSA key
 * without its seed
 *
 * @example
 * ```ts
 * exportPrivateKey(await keyAlgorithms.ed25519.generate()).length // => 48
 * exportPrivateKey(await keyAlgorithms['ml-dsa-87'].generate()).length // => 54
 * ```
 */
export function exportPrivateKey(key: Pick<KeyPair, 'privateKey' | 'spki'>): Buffer {
  const name = keyAlgorithmOfSpki(key.spki)
  if (name !== undefined) return keyAlgorithms[name].exportPrivateKey(key.privateKey)
  throw new CsrError('unsupported', 'The key is of an algorithm that is not written here.')
}
