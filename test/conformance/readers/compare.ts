import { isDeepStrictEqual } from 'node:util'
import type { Ability } from './reader.ts'
import type { ReadAttribute, Reading, ReadingField, ReadKey, ReadName, ReadRdn } from './reading.ts'
import { readingFields } from './reading.ts'

/** A reading and whose it is: a reader's, with its row of `can`, or what was asked for. */
export type Opinion = {
  by: string
  can: Readonly<Record<ReadingField, Ability>>
  reading: Reading
}

/**
 * In what two opinions of one CSR differ, one sentence for each field; empty if they agree. A field
 * that one of them cannot read is passed over. One that it can read and does not have counts as not
 * being in the CSR.
 */
export function disagreements(one: Opinion, other: Opinion): string[] {
  if (one.reading.accepted !== other.reading.accepted) {
    const refusing = one.reading.accepted ? other : one
    if (Object.values(refusing.can).includes('refuses')) return []
    return [`${refusing.by} refuses what the other accepts: ${refusing.reading.error}`]
  }
  return readingFields
    .filter((field) => canTell(one, field) && canTell(other, field))
    .flatMap((field) => {
      const mine = parts[field].of(one.reading)
      const theirs = parts[field].of(other.reading)
      if (same(field, mine, theirs)) return []
      return `${field}: ${one.by} ${JSON.stringify(mine)}, ${other.by} ${JSON.stringify(theirs)}`
    })
}

/** It can where it did, whatever the table says of older versions. */
function canTell({ can, reading }: Opinion, field: ReadingField): boolean {
  if (reading.cannot?.includes(field) || parts[field].of(reading) === 'cannot') return false
  return (
    can[field] === 'yes' || (parts[field].of(reading) !== undefined && field !== 'extensionOrder')
  )
}

function same(field: ReadingField, mine: unknown, theirs: unknown): boolean {
  if (mine === undefined || theirs === undefined) return mine === theirs
  return parts[field].same(mine, theirs)
}

type Part = { of: (reading: Reading) => unknown; same: (one: unknown, other: unknown) => boolean }

/** Types agree by construction: `same` gets what `of` gives. */
const part = <Value>(
  of: (reading: Reading) => Value | undefined,
  same: (one: Value, other: Value) => boolean = isDeepStrictEqual,
) => ({ of, same }) as Part

const parts: Record<ReadingField, Part> = {
  signatureValid: part(({ signatureValid }) => signatureValid),
  subject: part(({ subject }) => subject, sameRdns),
  stringTypes: part(({ subject }) => subject?.map(stringTypesOf), sameStringTypes),
  key: part(({ key }) => (key?.kind === 'other' ? undefined : key), sameKey),
  spki: part(({ key }) => key?.spkiSha256),
  signatureAlgorithm: part(({ signatureAlgorithm }) => signatureAlgorithm),
  san: part(({ san }) => san, sameAltNames),
  extensions: part(({ extensions }) =>
    extensions?.map(({ oid, critical }) => `${oid}${critical ? ' critical' : ''}`).toSorted(),
  ),
  extensionOrder: part(({ extensions }) => extensions?.map(({ oid }) => oid)),
  extensionValues: part(({ extensions }) => extensions, sameValues),
  keyUsage: part(({ keyUsage }) => keyUsage),
  extendedKeyUsage: part(({ extendedKeyUsage }) => extendedKeyUsage),
  basicConstraints: part(({ basicConstraints }) => basicConstraints),
  subjectKeyIdentifier: part(({ subjectKeyIdentifier }) => subjectKeyIdentifier),
  tlsFeature: part(({ tlsFeature }) => tlsFeature),
  challengePassword: part(({ challengePassword }) => challengePassword),
  unstructuredName: part(({ unstructuredName }) => unstructuredName),
}

/** Whether both are the same or one is not known. */
const agree = (one: unknown, other: unknown) =>
  one === undefined || other === undefined || one === other

function sameKey(one: ReadKey, other: ReadKey): boolean {
  return one.kind === other.kind && agree(one.bits, other.bits) && agree(one.curve, other.curve)
}

/** The order of the attributes in one RDN means nothing, and programs differ in it. */
const inOrder = (rdn: ReadRdn) =>
  rdn.toSorted((one, other) => compareText(keyOf(one), keyOf(other)))

const keyOf = ({ type, value }: ReadAttribute) => `${type}=${value ?? ''}`

const compareText = (one: string, other: string) => Number(one > other) - Number(one < other)

function sameRdns(one: ReadRdn[], other: ReadRdn[]): boolean {
  return sameLists(one, other, (mine, theirs) =>
    sameLists(inOrder(mine), inOrder(theirs), sameAttribute),
  )
}

function sameAttribute(one: ReadAttribute, other: ReadAttribute): boolean {
  return one.type === other.type && agree(one.value, other.value) && agree(one.der, other.der)
}

const stringTypesOf = (rdn: ReadRdn) => inOrder(rdn).map(({ stringType }) => stringType)

function sameStringTypes(
  one: ReturnType<typeof stringTypesOf>[],
  other: ReturnType<typeof stringTypesOf>[],
): boolean {
  return sameLists(one, other, (mine, theirs) => sameLists(mine, theirs, agree))
}

function sameAltNames(
  one: NonNullable<Reading['san']>,
  other: NonNullable<Reading['san']>,
): boolean {
  return agree(one.critical, other.critical) && sameLists(one.names, other.names, sameName)
}

function sameName(one: ReadName, other: ReadName): boolean {
  if (one.type === 'dirName' && other.type === 'dirName') return sameRdns(one.value, other.value)
  if (one.type === 'otherName' && other.type === 'otherName') {
    return one.oid === other.oid && agree(one.value, other.value) && agree(one.der, other.der)
  }
  return isDeepStrictEqual(one, other)
}

/** Which extensions there are is another field's matter. */
function sameValues(
  one: NonNullable<Reading['extensions']>,
  other: NonNullable<Reading['extensions']>,
): boolean {
  const values = new Map(other.map(({ oid, value }) => [oid, value]))
  return one.every(({ oid, value }) => agree(value, values.get(oid)))
}

function sameLists<Item>(
  one: readonly Item[],
  other: readonly Item[],
  sameItem: (one: Item, other: Item) => boolean,
): boolean {
  return (
    one.length === other.length && one.every((item, index) => sameItem(item, other[index] as Item))
  )
}
