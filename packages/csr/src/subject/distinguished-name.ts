import type { DerElement } from '../der/der-reader.ts'
import { expectSorted, expectTag, readOid, readString, tags } from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import {
  type AttributeType,
  attributeTypeOfOid,
  attributeTypes,
  type StringType,
  stringTypeOf,
  subjectAttributes,
} from './subject-attributes.ts'

/** One statement about the subject, such as CN = edge-1.example.com. */
export type AttributeTypeAndValue = { type: AttributeType; value: string }

/** A relative distinguished name: nearly always of one attribute, several make it multi-valued. */
export type Rdn = AttributeTypeAndValue[]

/**
 * An attribute as it was read: `type` is a short name, or a dotted OID where the table has none.
 */
export type ReadAttribute = { type: string; value: string; stringType: StringType }

/** An RDN as it was read, in the order of its encoding. */
export type ReadRdn = ReadAttribute[]

const oidNodes = Object.fromEntries(
  attributeTypes.map((type) => [type, der.oid(subjectAttributes[type].oid)]),
) as Record<AttributeType, der.Asn1>

/**
 * The Name (RFC 5280 section 4.1.2.4) of RDNs in the order given; a multi-valued one is sorted as
 * DER asks.
 */
export function encodeName(rdns: readonly Rdn[]): der.Asn1 {
  return der.sequence(rdns.map((rdn) => der.setOf(rdn.map(encodeAttribute))))
}

/** Reads a Name. Throws `CsrError` (malformed_csr) where it is none. */
export function readName(name: DerElement): ReadRdn[] {
  expectTag(name, tags.sequence, 'a Name')
  return name.children.map(readRdn)
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

function encodeAttribute({ type, value }: AttributeTypeAndValue): der.Asn1 {
  return der.sequence([oidNodes[type], der.string(stringTypeOf(type, value), value)])
}

function readRdn(set: DerElement): ReadRdn {
  expectTag(set, tags.set, 'an RDN')
  expectSorted(set)
  if (set.children.length === 0) throw new CsrError('malformed_csr', 'An RDN is empty.')
  return set.children.map(readAttribute)
}

function readAttribute(attribute: DerElement): ReadAttribute {
  expectTag(attribute, tags.sequence, 'an attribute of a name')
  const [type, value, ...more] = attribute.children
  if (type === undefined || value === undefined || more.length > 0) {
    throw new CsrError('malformed_csr', 'An attribute of a name is not a type and a value.')
  }
  const oid = readOid(type)
  return { type: attributeTypeOfOid(oid) ?? oid, ...readString(value) }
}

function sameRdn(asked: Rdn, found: ReadRdn): boolean {
  if (asked.length !== found.length) return false
  return asked.every(({ type, value }) =>
    found.some(
      (other) =>
        other.type === type &&
        other.value === value &&
        other.stringType === stringTypeOf(type, value),
    ),
  )
}
