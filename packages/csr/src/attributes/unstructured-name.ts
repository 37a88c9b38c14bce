import { checkCharacters, checkLength, isAscii } from '../character-rules.ts'
import type { StringType } from '../der/der-string.ts'

/**
 * Whether a text can be an unstructuredName (RFC 2985 section 5.2.2): 1 to 255 characters. It
 * stands in the CSR for everybody to read and is never logged.
 *
 * @example
 * ```ts
 * checkUnstructuredName('router 7') // => undefined
 * ```
 */
export function checkUnstructuredName(text: string): string | undefined {
  return checkCharacters(text) ?? checkLength(text, 255)
}

/** An IA5String where it can be one (RFC 2985 section 5.2.2), otherwise a UTF8String. */
export function unstructuredNameStringType(text: string): StringType {
  return isAscii(text) ? 'ia5' : 'utf8'
}
