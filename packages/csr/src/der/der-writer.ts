// How forge is used here, and what to watch:
// - Its strings are bytes (latin1). A character above U+00FF would be cut without an error, so
//   text is turned into bytes here and nowhere else.
// - toDer strips a leading zero of anything numbered 2, of a context-specific [2] as well: a
//   dNSName. Host names have no NUL, so it cannot happen; a new [2] has to think of it.
// - Its oidToDer is not used: see oid.ts.
// - It cannot hold DER as it is: fromDer and toDer would read an SPKI and write it anew. What
//   must keep its bytes is joined by `joinSequence`.
import forge from 'node-forge'
import type { StringType } from '../subject/subject-attributes.ts'
import { oidToOctets } from './oid.ts'

const { create, toDer } = forge.asn1
const universal = forge.asn1.Class.UNIVERSAL
const context = forge.asn1.Class.CONTEXT_SPECIFIC
const { Type } = forge.asn1

/** A part of an ASN.1 value on its way to DER; parts that never change may be shared. */
export type Asn1 = forge.asn1.Asn1

const stringForms = {
  printable: { type: Type.PRINTABLESTRING, encoding: 'latin1' },
  ia5: { type: Type.IA5STRING, encoding: 'latin1' },
  utf8: { type: Type.UTF8, encoding: 'utf8' },
} as const satisfies Record<StringType, { type: forge.asn1.Type; encoding: BufferEncoding }>

/** SEQUENCE and SEQUENCE OF. */
export function sequence(parts: Asn1[]): Asn1 {
  return create(universal, Type.SEQUENCE, true, parts)
}

/** SET OF, its members sorted by their encodings (X.690 section 11.6). */
export function setOf(members: Asn1[]): Asn1 {
  return create(universal, Type.SET, true, members.length > 1 ? sorted(members) : members)
}

/** OBJECT IDENTIFIER of a dotted text. */
export function oid(dotted: string): Asn1 {
  return create(universal, Type.OID, false, bytes(oidToOctets(dotted)))
}

/** A character string of one of the types that names use. */
export function string(type: StringType, text: string): Asn1 {
  const form = stringForms[type]
  return create(universal, form.type, false, bytes(Buffer.from(text, form.encoding)))
}

/** OCTET STRING holding the DER of a part. */
export function octetStringOf(part: Asn1): Asn1 {
  return create(universal, Type.OCTETSTRING, false, toDer(part).getBytes())
}

/** INTEGER 0: a certification request's version. */
export const zero: Asn1 = create(universal, Type.INTEGER, false, '\0')

/** BOOLEAN TRUE; FALSE is only ever a default here, which DER leaves out. */
export const booleanTrue: Asn1 = create(universal, Type.BOOLEAN, false, '\xff')

/** NULL. */
export const nullValue: Asn1 = create(universal, Type.NULL, false, '')

/** `[number]` in front of other parts: EXPLICIT, or IMPLICIT of a SEQUENCE or SET. */
export function tagged(number: number, parts: Asn1[]): Asn1 {
  return create(context, number, true, parts)
}

/** `[number]` IMPLICIT of a primitive type, of which `octets` are the content. */
export function taggedOctets(number: number, octets: Buffer): Asn1 {
  return create(context, number, false, bytes(octets))
}

/** The DER of a part. */
export function encode(part: Asn1): Buffer {
  return Buffer.from(toDer(part).getBytes(), 'latin1')
}

/** A SEQUENCE of values that are DER already: each keeps its bytes. */
export function joinSequence(values: Buffer[]): Buffer {
  return withHeader(0x30, values)
}

/** A BIT STRING of whole octets. */
export function bitString(octets: Buffer): Buffer {
  return withHeader(0x03, [Buffer.of(0), octets])
}

function withHeader(tag: number, content: Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...content])
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let left = length; left > 0; left >>>= 8) octets.unshift(left & 0xff)
  return [0x80 | octets.length, ...octets]
}

function sorted(members: Asn1[]): Asn1[] {
  return members
    .map((member) => ({ member, der: encode(member) }))
    .sort((a, b) => Buffer.compare(a.der, b.der))
    .map(({ member }) => member)
}

function bytes(octets: Buffer): string {
  return octets.toString('latin1')
}
