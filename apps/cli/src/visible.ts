// Controls, invisible and unassigned characters, halves of surrogate pairs, line and paragraph breaks.
const hidden = /[\p{C}\p{Zl}\p{Zp}]/gu

/** A text as a terminal may get it: what would act on it, or not be seen, is written as `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** A value as JSON in lines, or in one where `indent` is 0, with escapes for what a terminal should not get. */
export function visibleJson(value: unknown, indent = 2): string {
  const lines = JSON.stringify(value, null, indent).split('\n')
  return lines.map((line) => line.replace(hidden, escaped)).join('\n')
}

/** The escapes of JSON are of UTF-16 units. */
function escaped(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
