import { checkPublicKey } from './public-key.ts'
import { type PublicKeyFindingCode, publicKeyFindings } from './public-key-findings.ts'

/** One fault of a public key; the message is a sentence that says what is wrong and then what is allowed. */
export type PublicKeyFault = { code: PublicKeyFindingCode; message: string }

/**
 * What is wrong with a public key: its size, a point off its curve, a modulus that can be factored.
 * `spki` is DER of a SubjectPublicKeyInfo. What is only unusual is left out. Never throws.
 *
 * @example
 * ```ts
 * publicKeyFaults((await keyAlgorithms['rsa-2048'].generate()).spki) // => []
 * publicKeyFaults(Buffer.of(0x30, 0))[0].code // => "key_malformed"
 * ```
 */
export function publicKeyFaults(spki: Buffer): PublicKeyFault[] {
  const faults: PublicKeyFault[] = []
  checkPublicKey(spki, (code, _, message) => {
    if (publicKeyFindings[code].severity === 'error') faults.push({ code, message })
  })
  return faults
}
