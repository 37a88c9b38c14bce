import { type Der, encode, type Part } from './der-tree.ts'

/** The values of which CSRs are made, each in the way that DER has it. */

/** SEQUENCE. */
export const seq = (...parts: Part[]): Der => ({ tag: 0x30, body: parts })

/** SET in the order given. */
export const unsortedSet = (...parts: Part[]): Der => ({ tag: 0x31, body: parts })

/** SET OF, sorted. */
export const set = (...parts: Part[]): Der =>
  unsortedSet(...parts.map(encode).toSorted(Buffer.compare))

/** INTEGER. */
export function int(value: number | bigint): Der {
  const octets = octetsOf(BigInt(value))
  return integerOf((octets[0] ?? 0) < 0x80 ? octets : Buffer.concat([Buffer.of(0), octets]))
}

/** INTEGER of these octets. */
export const integerOf = (octets: Buffer): Der => ({ tag: 0x02, body: octets })

/** BOOLEAN of this octet. */
export const bool = (octet: number): Der => ({ tag: 0x01, body: Buffer.of(octet) })

/** NULL. */
export const nothing: Der = { tag: 0x05, body: Buffer.of() }

/** OCTET STRING. */
export const octets = (...parts: Part[]): Der => ({ tag: 0x04, body: parts })

/** BIT STRING. */
export const bits = (content: Buffer, unused = 0): Der => ({
  tag: 0x03,
  body: Buffer.concat([Buffer.of(unused), content]),
})

/** `[number]`, constructed. */
export const tagged = (number: number, ...parts: Part[]): Der => ({
  tag: 0xa0 | number,
  body: parts,
})

/** `[number]` IMPLICIT, primitive. */
export const taggedOctets = (number: number, content: Buffer | string): Der => ({
  tag: 0x80 | number,
  body: Buffer.from(content),
})

/** The tags of character strings. */
const stringTags = {
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
} as const

/** Name of a type of character strings. */
export type StringName = keyof typeof stringTags

/** A character string; `text` stands for its octets where it is none. */
export function string(type: StringName, text: string | Buffer): Der {
  const tag = stringTags[type]
  if (Buffer.isBuffer(text)) return { tag, body: text }
  if (type === 'bmp') return { tag, body: Buffer.from(text, 'utf16le').swap16() }
  if (type !== 'universal') return { tag, body: Buffer.from(text, 'utf8') }
  const points = [...text].map((character) => {
    const octets = Buffer.alloc(4)
    octets.writeUInt32BE(character.codePointAt(0) ?? 0)
    return octets
  })
  return { tag, body: Buffer.concat(points) }
}

/** UTF8String. */
export const utf8 = (text: string | Buffer): Der => string('utf8', text)

/** PrintableString, whatever the characters are. */
export const printable = (text: string): Der => string('printable', text)

/** OBJECT IDENTIFIER. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return { tag: 0x06, body: Buffer.from([first * 40 + second, ...rest].flatMap(base128)) }
}

/** The octets of a number that is not negative, at least `length` of them. */
export function octetsOf(value: bigint, length = 1): Buffer {
  const digits = value.toString(16)
  const count = Math.max(2 * length, digits.length + (digits.length % 2))
  return Buffer.from(digits.padStart(count, '0'), 'hex')
}

/** Octets written in hexadecimal. */
export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

function base128(arc: number): number[] {
  const septets = [arc % 128]
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
    septets.unshift(0x80 | (left % 128))
  }
  return septets
}
