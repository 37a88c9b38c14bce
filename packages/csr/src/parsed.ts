/**
 * How every rule of this package answers, so that a caller learns one idiom:
 *
 * - `parse…(text)` turns what a person wrote into the normalised value: a `Parsed`.
 * - `check…(value)` looks at a value that is normalised already: a fault's text, or undefined.
 *
 * A fault's text has no field name in front, says what is wrong and then what is allowed
 * ("has 65 characters; at most 64 are allowed"), so that a caller can put its own name for the
 * field before it. Rules do not throw; `CsrError` is for building, reading and proving.
 */
export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string }

/** The accepted side of a `Parsed`. */
export function parsed<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

/** The refused side of a `Parsed`; the message follows the form described at `Parsed`. */
export function refused(message: string): { ok: false; message: string } {
  return { ok: false, message }
}

/** Makes a `parse…` of a `check…` for values that are taken exactly as they are written. */
export function parseAsIs(text: string, check: (text: string) => string | undefined) {
  const fault = check(text)
  return fault === undefined ? parsed(text) : refused(fault)
}
