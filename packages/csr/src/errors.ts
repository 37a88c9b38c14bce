/**
 * Every reason for which building, reading or proving a CSR can end.
 *
 * - `malformed_pem`: the text holds no single, well-formed PEM block of a CSR.
 * - `malformed_der`: the bytes are not exactly one DER value.
 * - `malformed_csr`: they are DER, but not the structure of a certification request.
 * - `too_large`: it has more octets, or more parts, than are read.
 * - `unsupported`: well-formed, but of a kind this package does not read.
 * - `unencodable`: a spec that `specSchema` would have refused was handed to the builder.
 * - `key_generation_failed`: the cryptographic library made no key.
 * - `spki_mismatch`: the public key in question is not the one of the key pair.
 * - `signature_invalid`: the signature does not verify with that public key.
 * - `spec_mismatch`: the CSR says something else than was asked for; `pointer` names the difference.
 */
export type CsrErrorCode =
  | 'malformed_pem'
  | 'malformed_der'
  | 'malformed_csr'
  | 'too_large'
  | 'unsupported'
  | 'unencodable'
  | 'key_generation_failed'
  | 'spki_mismatch'
  | 'signature_invalid'
  | 'spec_mismatch'

/**
 * The only error that building, reading and proving throw. Its text may be logged and shown:
 * it holds names of fields, never key material and never the values of a spec.
 *
 * @example
 * ```ts
 * const error = new CsrError('spec_mismatch', 'The CSR differs.', { pointer: '/subject/0' })
 * error.code // => 'spec_mismatch'
 * error.pointer // => '/subject/0'
 * ```
 */
export class CsrError extends Error {
  override readonly name = 'CsrError'
  readonly code: CsrErrorCode
  /** Where, as an RFC 6901 pointer in the words of a spec: `/subject/2`, `/signature`. */
  readonly pointer: string | undefined

  constructor(
    code: CsrErrorCode,
    message: string,
    options: { pointer?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.pointer = options.pointer
  }

  /** The same error with its place, unless it has a closer one. */
  at(pointer: string): CsrError {
    if (this.pointer !== undefined) return this
    return new CsrError(this.code, this.message, { pointer, cause: this.cause })
  }

  /** The same error with the name of what it is about in front of its message. */
  about(what: string): CsrError {
    const options = { pointer: this.pointer, cause: this.cause }
    return new CsrError(this.code, `${what}: ${this.message}`, options)
  }
}
