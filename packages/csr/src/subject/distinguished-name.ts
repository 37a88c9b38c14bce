import { type DerElement, expectSorted, expectTag, readOid, tags } from '../der/der-reader.ts'
import { isText, type ReadStringType, readString, type StringType } from '../der/der-string.ts'
import * as der from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import { type Reading, strictly } from '../reading.ts'
import {
  type AttributeType,
  attributeTypeOfOid,
  oidOfAttributeType,
  stringTypeOf,
} from './subject-attributes.ts'

/**
 * One statement about the subject, such as CN = edge-1.example.com. Without a `stringType` it is
 * written as its type and its characters have it.
 */
export type AttributeTypeAndValue = {
  type: AttributeType
  value: string
  stringType?: StringType
}

/** A relative distinguished name: nearly always of one attribute, several make it multi-valued. */
export type Rdn = AttributeTypeAndValue[]

/** An attribute as it was read; a value that is no text is `#` and its DER in hexadecimal. */
export type ReadAttribute = { type: AttributeType; value: string; stringType: ReadStringType }

/** An RDN as it was read, in the order of its encoding. */
export type ReadRdn = ReadAttribute[]

const oidsOfTypes = new Map<AttributeType, Buffer>()

/**
 * The Name (RFC 5280 section 4.1.2.4) of RDNs in the order given; a multi-valued one is sorted as
 * DER asks.
 */
export function encodeName(rdns: readonly Rdn[]): Buffer {
  return der.sequence(rdns.map((rdn) => der.setOf(rdn.map(encodeAttribute))))
}

/** Reads a Name; `pointer` says where it stands. */
export function readName(
  name: DerElement,
  reading: Reading = strictly(),
  pointer = '/subject',
): ReadRdn[] {
  expectTag(name, tags.sequence, 'a Name')
  return name.children.map((rdn, i) => {
    const place = `${pointer}/${i}`
    // One that cannot be read keeps its place, so that those after it have theirs.
    return reading.attempt('subject_malformed', place, () => readRdn(rdn, reading, place), [])
  })
}

/**
 * Compares a name that was asked for with one that was read: order, types, values and string
 * types. The attributes within a multi-valued RDN have no order.
 *
 * @returns the index of the first RDN that differs, or undefined if the names are the same
 */
export function differingRdn(asked: readonly Rdn[], found: readonly ReadRdn[]): number | undefined {
  const count = Math.max(asked.length, found.length)
  for (let i = 0; i < count; i++) if (!sameRdn(asked[i] ?? [], found[i] ?? [])) return i
  return undefined
}

function encodeAttribute({ type, value, stringType }: AttributeTypeAndValue): Buffer {
  return der.sequence([
    encodedType(type),
    der.string(stringType ?? stringTypeOf(type, value), value),
  ])
}

/** Types of the table are kept; others come from clients, of whom there is no end. */
function encodedType(type: AttributeType): Buffer {
  const kept = oidsOfTypes.get(type)
  if (kept !== undefined) return kept
  const dotted = oidOfAttributeType(type)
  const encoded = der.oid(dotted)
  if (dotted !== type) oidsOfTypes.set(type, encoded)
  return encoded
}

function readRdn(set: DerElement, reading: Reading, pointer: string): ReadRdn {
  expectTag(set, tags.set, 'an RDN')
  expectSorted(set, reading.at(pointer))
  if (set.children.length === 0) {
    throw new CsrError('malformed_csr', 'An RDN is empty; it has at least one attribute.')
  }
  return set.children.flatMap((attribute, i) => {
    const place = `${pointer}/${i}`
    return reading.attempt(
      'subject_malformed',
      place,
      () => [readAttribute(attribute, reading, place)],
      [],
    )
  })
}

function readAttribute(attribute: DerElement, reading: Reading, pointer: string): ReadAttribute {
  reading.countItem()
  expectTag(attribute, tags.sequence, 'an attribute of a name')
  const [type, value, ...more] = attribute.children
  if (type === undefined || value === undefined || more.length > 0) {
    throw new CsrError('malformed_csr', 'An attribute of a name is not a type and a value.')
  }
  const name = attributeTypeOfOid(readOid(type))
  if (!isText(value)) {
    // RFC 4514 section 2.4: what is no text is written as its DER.
    return { type: name, value: `#${value.encoded.toString('hex')}`, stringType: 'other' }
  }
  const text = readString(value, reading.at(`${pointer}/value`))
  return { type: name, ...text }
}

function sameRdn(asked: Rdn, found: ReadRdn): boolean {
  if (asked.length !== found.length) return false
  return asked.every(({ type, value, stringType = stringTypeOf(type, value) }) =>
    found.some(
      (other) => other.type === type && other.value === value && other.stringType === stringType,
    ),
  )
}
