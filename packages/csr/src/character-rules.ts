// Controls (Cc, NUL among them) and the two Unicode line breaks, which act as controls in a log.
const controlCharacters = /[\p{Cc}\u2028\u2029]/u

/** Number of characters as X.520's bounds count them: Unicode code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length; i++) {
    if (isHighSurrogate(text.charCodeAt(i)) && isLowSurrogate(text.charCodeAt(i + 1))) {
      count--
      i++
    }
  }
  return count
}

/**
 * What holds for every text that goes into a CSR: it is not blank, has no control characters and
 * no half of a surrogate pair (which UTF-8 cannot carry, RFC 3629 section 3).
 */
export function checkCharacters(text: string): string | undefined {
  if (text.trim() === '') return 'is empty; at least one visible character is needed'
  if (!text.isWellFormed()) return 'has an unpaired surrogate; only whole characters are allowed'
  if (controlCharacters.test(text)) {
    return 'has a control character; only printing characters and spaces are allowed'
  }
  return undefined
}

/** Whether a text has at most `max` characters (code points). */
export function checkLength(text: string, max: number): string | undefined {
  // UTF-16 units are never fewer than characters: the exact count is needed only above the bound.
  if (text.length <= max) return undefined
  const count = countCharacters(text)
  return count <= max ? undefined : `has ${count} characters; at most ${max} are allowed`
}

/** Whether a text has characters of 7 bits only. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

/**
 * A part of the input as a message may repeat it: short, and with nothing that acts on a log or
 * screen.
 */
export function quoted(text: string): string {
  const short = text.length > 63 ? `${text.slice(0, 63).toWellFormed()}…` : text
  const visible = short.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`,
  )
  return `"${visible}"`
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
