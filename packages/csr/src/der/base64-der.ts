import { CsrError } from '../errors.ts'
import { readDer } from './der-reader.ts'

/**
 * Whether a text is the base64 of exactly one DER value.
 *
 * @example
 * ```ts
 * checkDer('BQA=') // => undefined
 * checkDer('BQAA') // => "is not DER: The DER has 1 octets after its end; none may follow."
 * ```
 */
export function checkDer(base64: string): string | undefined {
  const der = Buffer.from(base64, 'base64')
  // Buffer.from skips what is not base64: only a text that it would write itself was all read.
  if (der.length === 0 || der.toString('base64') !== base64) {
    return 'is not base64; DER in base64 (RFC 4648 section 4, with padding) is needed'
  }
  try {
    readDer(der)
    return undefined
  } catch (error) {
    if (error instanceof CsrError) return `is not DER: ${error.message}`
    throw error
  }
}
