import { attributeTypes, type KnownAttributeType, subjectAttributes } from '@csr-foundry/csr'
import { rdn, subject } from './compose-csr.ts'
import type { Part } from './der-tree.ts'
import { oid, printable, seq, string, taggedOctets, utf8 } from './der-values.ts'
import { breaks, type Mutation, type Options } from './mutation.ts'

const oids = {
  ...Object.fromEntries(attributeTypes.map((type) => [type, subjectAttributes[type].oid])),
} as Record<KnownAttributeType, string>
/** An RDN of one attribute. */
export const one = (type: KnownAttributeType, value: Part) => rdn(oids[type], value)
/** One attribute of an RDN. */
export const part = (type: KnownAttributeType, value: Part) => seq(oid(oids[type]), value)
/** A dNSName. */
export const host = taggedOctets(2, 'edge-1.example.com')

/** The most characters of every type, from X.520's bounds and those that csr-rules sets. */
export const limits: Partial<Record<KnownAttributeType, number>> = {
  CN: 64,
  O: 64,
  OU: 64,
  title: 64,
  L: 128,
  ST: 128,
  street: 128,
  postalCode: 40,
  serialNumber: 64,
  dnQualifier: 64,
  DC: 63,
  UID: 256,
  name: 32768,
  GN: 32768,
  SN: 32768,
  initials: 32768,
  generationQualifier: 32768,
  pseudonym: 128,
  businessCategory: 128,
  jurisdictionST: 128,
  jurisdictionL: 128,
  organizationIdentifier: 256,
  description: 1024,
  unstructuredName: 255,
  unstructuredAddress: 255,
}
const printables = new Set<string>(['serialNumber', 'dnQualifier'])

/** The subject of one attribute, with what is wrong with its value. */
export function value(
  broken: string,
  type: KnownAttributeType,
  text: Part,
  code: Mutation['code'],
  options?: Options,
): Mutation {
  return breaks(broken, subject(one(type, text)), code, '/subject/0/0/value', options)
}

/** Text of a length in the string type that an attribute has. */
export function textOf(type: string, length: number): Part {
  if (type === 'DC') return string('ia5', 'x'.repeat(length))
  return printables.has(type) ? printable('x'.repeat(length)) : utf8('x'.repeat(length))
}
