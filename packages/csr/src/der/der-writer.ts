// What never changes (object identifiers, numbers, named bits) forge makes; what changes with each
// request is spliced around it: headers and content octets, which is all that is left of DER.
// forge's tree of strings costs five times as much and cannot hold DER as it is, and an SPKI has
// to keep its bytes. What to watch in forge:
// - Its strings are bytes (latin1): a character above U+00FF would be cut without an error.
// - Its oidToDer is not used: see oid.ts.
import forge from 'node-forge'
import { tags } from './der-reader.ts'
import type { StringType } from './der-string.ts'
import { oidToOctets } from './oid.ts'

const { create, toDer } = forge.asn1
const universal = forge.asn1.Class.UNIVERSAL
const { Type } = forge.asn1

const stringForms: Readonly<Record<StringType, { tag: number; encoding: BufferEncoding }>> = {
  printable: { tag: tags.printableString, encoding: 'latin1' },
  ia5: { tag: tags.ia5String, encoding: 'latin1' },
  utf8: { tag: tags.utf8String, encoding: 'utf8' },
}

/** SEQUENCE and SEQUENCE OF. */
export function sequence(parts: readonly Buffer[]): Buffer {
  return tlv(tags.sequence, parts)
}

/** SET OF, its members sorted by their encodings (X.690 section 11.6). */
export function setOf(members: readonly Buffer[]): Buffer {
  return tlv(tags.set, members.length > 1 ? members.toSorted(Buffer.compare) : members)
}

/** OBJECT IDENTIFIER of a dotted text. */
export function oid(dotted: string): Buffer {
  return fixed(Type.OID, oidToOctets(dotted))
}

/** A character string of one of the types that names use. */
export function string(type: StringType, text: string): Buffer {
  const { tag, encoding } = stringForms[type]
  return tlv(tag, [Buffer.from(text, encoding)])
}

/** BMPString of characters up to U+FFFF. */
export function bmpString(text: string): Buffer {
  return tlv(tags.bmpString, [Buffer.from(text, 'utf16le').swap16()])
}

/** OCTET STRING; of DER where it holds a part. */
export function octetString(octets: Buffer): Buffer {
  return tlv(tags.octetString, [octets])
}

/** BIT STRING of whole octets. */
export function bitString(octets: Buffer): Buffer {
  return tlv(tags.bitString, [noUnusedBits, octets])
}

/**
 * BIT STRING of named bits: the numbers of those that are set, the first bit being 0. No zeros at
 * its end (X.690 section 11.2.2).
 */
export function namedBits(bits: readonly number[]): Buffer {
  const last = Math.max(-1, ...bits)
  const octets = Buffer.alloc(1 + Math.ceil((last + 1) / 8))
  octets[0] = (7 - (last % 8)) % 8
  for (const bit of bits)
    octets[1 + (bit >> 3)] = (octets[1 + (bit >> 3)] ?? 0) | (0x80 >> (bit & 7))
  return fixed(Type.BITSTRING, octets)
}

/** INTEGER of a number that is not negative. forge's own holds 32 bits with their sign. */
export function integer(value: number): Buffer {
  const hex = value.toString(16)
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  const signed = (octets[0] ?? 0) < 0x80 ? octets : Buffer.concat([Buffer.of(0), octets])
  return fixed(Type.INTEGER, signed)
}

/** BOOLEAN TRUE; FALSE is only ever a default here, which DER leaves out. */
export const booleanTrue: Buffer = fixed(Type.BOOLEAN, Buffer.of(0xff))

/** NULL. */
export const nullValue: Buffer = fixed(Type.NULL, Buffer.alloc(0))

/** `[number]` in front of other parts: EXPLICIT, or IMPLICIT of a SEQUENCE or SET. */
export function tagged(number: number, parts: readonly Buffer[]): Buffer {
  return tlv(0xa0 | number, parts)
}

/** `[number]` IMPLICIT of a primitive type, of which `octets` are the content. */
export function taggedOctets(number: number, octets: Buffer): Buffer {
  return tlv(0x80 | number, [octets])
}

const noUnusedBits = Buffer.of(0)

function fixed(type: forge.asn1.Type, octets: Buffer): Buffer {
  return Buffer.from(
    toDer(create(universal, type, false, octets.toString('latin1'))).getBytes(),
    'latin1',
  )
}

function tlv(tag: number, content: readonly Buffer[]): Buffer {
  let length = 0
  for (const part of content) length += part.length
  const lengthOctets = length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 4
  const whole = Buffer.allocUnsafe(1 + lengthOctets + length)
  whole[0] = tag
  if (lengthOctets === 1) whole[1] = length
  else {
    whole[1] = 0x7f + lengthOctets
    whole.writeUIntBE(length, 2, lengthOctets - 1)
  }
  let at = 1 + lengthOctets
  for (const part of content) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
