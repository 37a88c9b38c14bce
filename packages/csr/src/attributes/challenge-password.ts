import { checkCharacters, checkLength } from '../character-rules.ts'
import { isPrintableString, type StringType } from '../der/der-string.ts'

/**
 * Whether a text can be a challengePassword (RFC 2985 section 5.4.1): 1 to 255 characters. It
 * stands in the CSR for everybody to read and is never logged.
 *
 * @example
 * ```ts
 * checkChallengePassword('correct horse') // => undefined
 * checkChallengePassword('') // => "is empty; at least one visible character is needed"
 * ```
 */
export function checkChallengePassword(text: string): string | undefined {
  return checkCharacters(text) ?? checkLength(text, 255)
}

/** A PrintableString where it can be one, which RFC 2985 recommends, otherwise a UTF8String. */
export function challengePasswordStringType(text: string): StringType {
  return isPrintableString(text) ? 'printable' : 'utf8'
}
