import type { PublicKeyFindingCode } from '../public-keys/public-key-findings.ts'

/**
 * Every reason for which a private key is not taken.
 *
 * - `too_large`: more than 32 KiB.
 * - `malformed_pem`: text without a well-formed PEM block.
 * - `malformed_der`: not the DER of the structure that it should be.
 * - `unsupported_form`: no private key, or one in a form that is not read; the message says how to
 *   convert it.
 * - `password_needed`: it is encrypted and no password was given.
 * - `wrong_password`: the password does not open it, or it is damaged.
 * - `too_costly`: the derivation of the key from the password would take too much time or memory.
 * - `unsupported_key`: of an algorithm, size or curve that is not in the table.
 * - `weak_key`: the public key has a fault of `checkPublicKey`, or the private one is too small.
 * - `inconsistent_key`: the parts of the key do not belong together.
 */
export type PrivateKeyErrorCode =
  | 'too_large'
  | 'malformed_pem'
  | 'malformed_der'
  | 'unsupported_form'
  | 'password_needed'
  | 'wrong_password'
  | 'too_costly'
  | 'unsupported_key'
  | 'weak_key'
  | 'inconsistent_key'

/** One fault; `code` is the finding's where the fault is one of the public key. */
export type PrivateKeyFault = {
  code: PrivateKeyErrorCode | PublicKeyFindingCode
  message: string
}

/**
 * The only error that `importPrivateKey` throws, with all the faults that could be told at once.
 * Its texts may be logged and shown: no key material, no password, nothing of node:crypto's own
 * messages, and never a `cause`, which would carry them.
 *
 * @example
 * ```ts
 * const refusal = await importPrivateKey('no key').catch((error) => error)
 * refusal instanceof PrivateKeyError // => true
 * refusal.code // => "malformed_pem"
 * ```
 */
export class PrivateKeyError extends Error {
  override readonly name = 'PrivateKeyError'
  readonly code: PrivateKeyErrorCode
  readonly faults: readonly PrivateKeyFault[]

  constructor(code: PrivateKeyErrorCode, faults: readonly PrivateKeyFault[]) {
    super(faults.map(({ message }) => message).join(' '))
    this.code = code
    this.faults = faults
  }
}

/** An error of one fault. */
export function refusal(code: PrivateKeyErrorCode, message: string): PrivateKeyError {
  return new PrivateKeyError(code, [{ code, message }])
}
