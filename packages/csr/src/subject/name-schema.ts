import { z } from 'zod'
import { checkCharacters } from '../character-rules.ts'
import { anyOf, bounded, chosen, evenIfFaulty, fieldsOf, isSound } from '../schemas.ts'
import { parseDirectoryName } from './directory-name.ts'
import type { AttributeTypeAndValue, Rdn } from './distinguished-name.ts'
import {
  type AttributeType,
  attributeTypeOfName,
  attributeTypes,
  checkAttributeLength,
  checkAttributeValue,
  checkFurther,
  checkStringType,
  subjectAttributes,
} from './subject-attributes.ts'

const stringTypes = ['printable', 'utf8', 'ia5'] as const

const longNames = attributeTypes.map((type) => subjectAttributes[type].longName ?? type)

const typeSchema = z.string('must be a string').transform((name, context): AttributeType => {
  const type = attributeTypeOfName(name)
  if (type !== undefined) return type
  context.addIssue({ code: 'custom', message: unknownType })
  return z.NEVER
})

const unknownType = `is not an attribute type; ${attributeTypes.join(', ')} or a dotted object identifier is needed`

const attributeSchema: z.ZodType<AttributeTypeAndValue> = fieldsOf({
  type: typeSchema,
  value: z.string('must be a string'),
  stringType: z.exactOptional(z.enum(stringTypes, `must be one of ${stringTypes.join(', ')}`)),
}).superRefine(({ type, value, stringType }, context) => {
  if (!['type', 'value'].every((field) => isSound(context.issues, [field]))) return
  const typed = stringType !== undefined && isSound(context.issues, ['stringType'])
  for (const [field, message] of faultsOf({ type, value, ...(typed ? { stringType } : {}) })) {
    context.addIssue({ code: 'custom', message, path: [field] })
  }
}, evenIfFaulty)

const mostAttributes = 100
const mostRdns = 1000

const severalSchema: z.ZodType<Rdn> = z
  .array(attributeSchema)
  .min(1, 'is empty; an RDN has at least one attribute')
  .refine(
    (rdn) => new Set(rdn.map(({ type }) => type)).size === rdn.length,
    'has an attribute type twice; each type once is allowed in one RDN',
  )

const rdnSchema: z.ZodType<Rdn> = chosen(
  (input) =>
    Array.isArray(input)
      ? bounded(severalSchema, mostAttributes, 'attributes')
      : attributeSchema.transform((attribute) => [attribute]),
  () => [attributeSchema, severalSchema],
)

/** RDNs in their order: an attribute, or an array of attributes where it is multi-valued. */
const rdnsSchema: z.ZodType<Rdn[]> = bounded(z.array(rdnSchema), mostRdns, 'RDNs')

const texts = z.union([z.string(), z.array(z.string()).min(1)]).meta({ id: 'TextOrTexts' })

/** What such an object looks like; short names and object identifiers are taken beside these. */
const nameFields = z
  .object(Object.fromEntries(longNames.map((name) => [name, texts.optional()])))
  .catchall(texts)

/**
 * An object: short or long names of attribute types, or dotted object identifiers, each with a
 * text or, for several RDNs of one type, an array of texts. Its RDNs are in the order of the table
 * of attribute types; those that the table has not come first, in the order given.
 */
const nameObjectSchema: z.ZodType<Rdn[]> = anyOf(() => [nameFields]).transform((input, context) => {
  if (typeof input !== 'object' || input === null) {
    context.addIssue({ code: 'custom', message: noName })
    return z.NEVER
  }
  if (Object.keys(input).length > mostAttributes) {
    const message = `has ${Object.keys(input).length} fields; at most ${mostAttributes} are allowed`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  // Not zod's record, which passes over a field named __proto__ without a word.
  const types = new Set<AttributeType>()
  const rdns: Rdn[] = []
  const refuse = (message: string, path: (string | number)[]) =>
    context.issues.push({ code: 'custom', message, path, input })
  for (const [name, given] of Object.entries(input)) {
    const type = attributeTypeOfName(name)
    if (type === undefined) {
      refuse(unknownField, [name])
      continue
    }
    if (types.has(type)) refuse(`is ${type} once more; give one array of texts for several`, [name])
    types.add(type)
    rdns.push(...rdnsOf(type, given, (message, at) => refuse(message, [name, ...at])))
  }
  return rdns.toSorted(byTable)
})

const noName =
  'must be an object such as {"commonName": "edge-1.example.com"}, an array of RDNs, or a text such as CN=x,C=US'

const unknownField = `is not an attribute type; ${longNames.join(', ')} or a dotted object identifier is needed`

/**
 * Takes a distinguished name as a client writes it (an array of RDNs, an object, or the text of
 * RFC 4514) and gives its RDNs in the order of the encoding.
 */
export const nameSchema: z.ZodType<Rdn[]> = chosen(
  (input) => {
    if (Array.isArray(input)) return rdnsSchema
    return typeof input === 'string' ? nameTextSchema : nameObjectSchema
  },
  () => [nameObjectSchema, rdnsSchema, nameTextSchema],
).meta({ id: 'DistinguishedName' })

const nameTextSchema: z.ZodType<Rdn[]> = z.string().transform((text, context) => {
  const name = parseDirectoryName(text)
  if (name.ok) return name.value
  context.addIssue({ code: 'custom', message: name.message })
  return z.NEVER
})

/** Faults of an attribute, each with its field. */
function faultsOf({ type, value, stringType }: AttributeTypeAndValue): [string, string][] {
  const inValue =
    stringType === undefined ? checkAttributeValue(type, value) : checkTypedText(type, value)
  const inType = stringType && checkStringType(type, stringType, value)
  return [
    ...(inValue === undefined ? [] : [['value', inValue] as [string, string]]),
    ...(inType === undefined ? [] : [['stringType', inType] as [string, string]]),
  ]
}

function checkTypedText(type: AttributeType, value: string): string | undefined {
  return checkCharacters(value) ?? checkFurther(type, value) ?? checkAttributeLength(type, value)
}

/** Single-valued RDNs of one type, of a text or of an array of texts. */
function rdnsOf(
  type: AttributeType,
  given: unknown,
  refuse: (message: string, at: number[]) => void,
): Rdn[] {
  if (!Array.isArray(given)) return rdnOf(type, given, false, (message) => refuse(message, []))
  if (given.length > mostAttributes) {
    refuse(`has ${given.length} texts; at most ${mostAttributes} are allowed`, [])
    return []
  }
  if (given.length === 0) refuse('is empty; at least one text is needed, or leave it out', [])
  return given.flatMap((value, i) => rdnOf(type, value, true, (message) => refuse(message, [i])))
}

function rdnOf(
  type: AttributeType,
  value: unknown,
  several: boolean,
  refuse: (message: string) => void,
): Rdn[] {
  const fault = checkText(type, value, several)
  if (fault !== undefined) refuse(fault)
  return typeof value === 'string' ? [[{ type, value }]] : []
}

function checkText(type: AttributeType, value: unknown, several: boolean): string | undefined {
  if (typeof value === 'string') return checkAttributeValue(type, value)
  return several ? 'must be a string' : 'must be a string, or an array of strings'
}

function byTable([a]: Rdn, [b]: Rdn): number {
  return placeOf(a) - placeOf(b)
}

const placesInTable: ReadonlyMap<string, number> = new Map(
  attributeTypes.map((type, i) => [type, i]),
)

function placeOf(attribute: AttributeTypeAndValue | undefined): number {
  return attribute === undefined ? -1 : (placesInTable.get(attribute.type) ?? -1)
}
