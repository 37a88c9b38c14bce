import { checkCharacters, checkLength, isAscii, quoted } from '../character-rules.ts'
import { isPrintableString, type StringType } from '../der/der-string.ts'
import { checkOid } from '../der/oid.ts'
import { checkEmailAddress } from '../names/email-address.ts'
import { checkCountryCode } from './country-codes.ts'

type AttributeRule = {
  oid: string
  /** The name that a subject written as an object uses beside the short one: RFC 4519's. */
  longName?: string
  /** The most characters (code points) that are allowed. */
  max: number
  /**
   * `directory` is PrintableString where every character allows it, UTF8String elsewhere; `pkcs9`
   * is IA5String where it can be (RFC 2985 section 5.2).
   */
  strings: 'printable' | 'ia5' | 'directory' | 'pkcs9'
  /** What else the value has to be. */
  check?: (value: string) => string | undefined
}

const ubName = 32768

/**
 * The attribute types of a subject by their short names, in the order in which a subject that is
 * written as an object has them. Object identifiers and bounds are of RFC 5280 appendix A (X.520's
 * upper bounds), of RFC 4519 for DC and UID, of RFC 2985 for emailAddress and the unstructured
 * ones, of the CA/Browser Forum's EV Guidelines section 9.2 for businessCategory and the
 * jurisdictions. The sources set no bound for street, dnQualifier, DC, UID, organizationIdentifier
 * and description: those here are ours.
 */
const attributeRules = {
  DC: { oid: '0.9.2342.19200300.100.1.25', longName: 'domainComponent', max: 63, strings: 'ia5' },
  C: { oid: '2.5.4.6', longName: 'country', max: 2, strings: 'printable', check: checkCountryCode },
  ST: { oid: '2.5.4.8', longName: 'stateOrProvince', max: 128, strings: 'directory' },
  L: { oid: '2.5.4.7', longName: 'locality', max: 128, strings: 'directory' },
  postalCode: { oid: '2.5.4.17', max: 40, strings: 'directory' },
  street: { oid: '2.5.4.9', longName: 'streetAddress', max: 128, strings: 'directory' },
  businessCategory: { oid: '2.5.4.15', max: 128, strings: 'directory' },
  jurisdictionC: {
    oid: '1.3.6.1.4.1.311.60.2.1.3',
    longName: 'jurisdictionCountry',
    max: 2,
    strings: 'printable',
    check: checkCountryCode,
  },
  jurisdictionST: {
    oid: '1.3.6.1.4.1.311.60.2.1.2',
    longName: 'jurisdictionStateOrProvince',
    max: 128,
    strings: 'directory',
  },
  jurisdictionL: {
    oid: '1.3.6.1.4.1.311.60.2.1.1',
    longName: 'jurisdictionLocality',
    max: 128,
    strings: 'directory',
  },
  O: { oid: '2.5.4.10', longName: 'organization', max: 64, strings: 'directory' },
  organizationIdentifier: { oid: '2.5.4.97', max: 256, strings: 'directory' },
  SN: { oid: '2.5.4.4', longName: 'surname', max: ubName, strings: 'directory' },
  GN: { oid: '2.5.4.42', longName: 'givenName', max: ubName, strings: 'directory' },
  OU: { oid: '2.5.4.11', longName: 'organizationalUnit', max: 64, strings: 'directory' },
  title: { oid: '2.5.4.12', max: 64, strings: 'directory' },
  name: { oid: '2.5.4.41', max: ubName, strings: 'directory' },
  initials: { oid: '2.5.4.43', max: ubName, strings: 'directory' },
  generationQualifier: { oid: '2.5.4.44', max: ubName, strings: 'directory' },
  pseudonym: { oid: '2.5.4.65', max: 128, strings: 'directory' },
  description: { oid: '2.5.4.13', max: 1024, strings: 'directory' },
  dnQualifier: { oid: '2.5.4.46', max: 64, strings: 'printable' },
  serialNumber: { oid: '2.5.4.5', max: 64, strings: 'printable' },
  UID: { oid: '0.9.2342.19200300.100.1.1', longName: 'userId', max: 256, strings: 'directory' },
  CN: { oid: '2.5.4.3', longName: 'commonName', max: 64, strings: 'directory' },
  emailAddress: {
    oid: '1.2.840.113549.1.9.1',
    longName: 'email',
    max: 255,
    strings: 'ia5',
    check: (value) => (isAscii(value) ? checkEmailAddress(value) : undefined),
  },
  unstructuredName: { oid: '1.2.840.113549.1.9.2', max: 255, strings: 'pkcs9' },
  unstructuredAddress: { oid: '1.2.840.113549.1.9.8', max: 255, strings: 'directory' },
} as const satisfies Record<string, AttributeRule>

/** Short name of an attribute type, as OpenSSL spells it: GN is givenName, SN is surname. */
export type KnownAttributeType = keyof typeof attributeRules

/** A short name, or a dotted object identifier for a type that the table does not have. */
export type AttributeType = KnownAttributeType | `${0 | 1 | 2}.${string}`

/**
 * The attribute types by short name; every fact about a type is in its row.
 *
 * @example
 * ```ts
 * subjectAttributes.CN // => { oid: '2.5.4.3', longName: 'commonName', max: 64, strings: 'directory' }
 * ```
 */
export const subjectAttributes: Readonly<Record<KnownAttributeType, AttributeRule>> = attributeRules

/**
 * Short names of all attribute types that the table has.
 *
 * @example
 * ```ts
 * attributeTypes.slice(0, 4) // => ['DC', 'C', 'ST', 'L']
 * ```
 */
export const attributeTypes = Object.keys(attributeRules) as KnownAttributeType[]

// RFC 5280 says nothing of a type it does not know: text of either kind, and a bound of ours.
const ruleOfOthers = { max: ubName, strings: 'any' } as const

const typesByOid: ReadonlyMap<string, KnownAttributeType> = new Map(
  attributeTypes.map((type) => [subjectAttributes[type].oid, type]),
)

// Further names in use: RFC 4519's, OpenSSL's long ones, and the "E" that Windows prints.
const otherNames: Record<string, KnownAttributeType> = {
  countryname: 'C',
  stateorprovincename: 'ST',
  state: 'ST',
  localityname: 'L',
  city: 'L',
  organizationname: 'O',
  organizationalunitname: 'OU',
  e: 'emailAddress',
}

const typesByName: ReadonlyMap<string, KnownAttributeType> = new Map([
  ...attributeTypes.flatMap((type) => {
    const { longName } = subjectAttributes[type]
    const names = longName === undefined ? [type] : [type, longName]
    return names.map((name) => [name.toLowerCase(), type] as const)
  }),
  ...Object.entries(otherNames),
])

/**
 * The attribute type of a dotted object identifier: its short name where the table has one, the
 * identifier itself elsewhere.
 */
export function attributeTypeOfOid(oid: string): AttributeType {
  return typesByOid.get(oid) ?? (oid as AttributeType)
}

/**
 * The attribute type of a short name, long name or dotted OID; case does not count (RFC 4512
 * section 1.4). Undefined for what is none of them.
 *
 * @example
 * ```ts
 * attributeTypeOfName('commonName') // => "CN"
 * attributeTypeOfName('2.5.4.3') // => "CN"
 * attributeTypeOfName('2.5.4.999') // => "2.5.4.999"
 * ```
 */
export function attributeTypeOfName(name: string): AttributeType | undefined {
  const known = typesByName.get(name.toLowerCase())
  if (known !== undefined) return known
  return checkOid(name) === undefined ? attributeTypeOfOid(name) : undefined
}

/** The dotted object identifier of an attribute type. */
export function oidOfAttributeType(type: AttributeType): string {
  return isKnown(type) ? subjectAttributes[type].oid : type
}

/**
 * Checks the value of one attribute.
 *
 * @param max a stricter bound in characters, for a dialect that has one
 * @returns what is wrong and what is allowed, without the field's name; undefined if nothing is
 *
 * @example
 * ```ts
 * checkAttributeValue('C', 'US') // => undefined
 * checkAttributeValue('OU', 'x'.repeat(65)) // => "has 65 characters; at most 64 are allowed"
 * ```
 */
export function checkAttributeValue(
  type: AttributeType,
  value: string,
  max: number = Number.POSITIVE_INFINITY,
): string | undefined {
  const rule: AttributeRule | typeof ruleOfOthers = ruleOf(type)
  return (
    checkCharacters(value) ??
    checkFurther(type, value) ??
    checkLength(value, Math.min(max, rule.max)) ??
    (rule.strings === 'printable' || rule.strings === 'ia5'
      ? checkFits(rule.strings, value)
      : undefined)
  )
}

/** Whether a value is longer than its type allows; see `checkAttributeValue`. */
export function checkAttributeLength(type: AttributeType, value: string): string | undefined {
  return checkLength(value, ruleOf(type).max)
}

/** What else than visible text of a length a value has to be: a country code, a mailbox. */
export function checkFurther(type: AttributeType, value: string): string | undefined {
  return isKnown(type) ? subjectAttributes[type].check?.(value) : undefined
}

/**
 * Whether a value of this type may be written in a string type (RFC 5280 appendix A): what is
 * wrong and what is allowed.
 */
export function checkStringType(
  type: AttributeType,
  stringType: string,
  value: string,
): string | undefined {
  const allowed = allowedStringTypes(type)
  const found = allowed.find((one) => one === stringType)
  if (found !== undefined) return checkFits(found, value)
  const names = allowed.map((one) => stringTypeNames[one]).join(' or ')
  return `is written as ${stringTypeNames[stringType] ?? stringType}; ${names} is needed`
}

const stringTypeNames: Readonly<Record<string, string>> = {
  printable: 'PrintableString',
  utf8: 'UTF8String',
  ia5: 'IA5String',
  teletex: 'TeletexString',
  bmp: 'BMPString',
  universal: 'UniversalString',
  numeric: 'NumericString',
  visible: 'VisibleString',
  other: 'something that is no text',
}

/** The string types that a value of this type may have (RFC 5280 appendix A). */
export function allowedStringTypes(type: AttributeType): readonly StringType[] {
  return stringTypesOf[ruleOf(type).strings]
}

const stringTypesOf = {
  printable: ['printable'],
  ia5: ['ia5'],
  directory: ['printable', 'utf8'],
  pkcs9: ['ia5', 'printable', 'utf8'],
  any: ['printable', 'utf8', 'ia5'],
} as const

/**
 * The ASN.1 string type in which a value of this attribute is written where none is asked for (RFC
 * 5280 appendix A).
 */
export function stringTypeOf(type: AttributeType, value: string): StringType {
  const { strings } = ruleOf(type)
  if (strings === 'printable' || strings === 'ia5') return strings
  if (strings === 'pkcs9') return isAscii(value) ? 'ia5' : 'utf8'
  return isPrintableString(value) ? 'printable' : 'utf8'
}

function ruleOf(type: AttributeType): AttributeRule | typeof ruleOfOthers {
  return isKnown(type) ? subjectAttributes[type] : ruleOfOthers
}

function isKnown(type: AttributeType): type is KnownAttributeType {
  return Object.hasOwn(subjectAttributes, type)
}

function checkFits(stringType: StringType, value: string): string | undefined {
  if (stringType === 'printable' && !isPrintableString(value)) {
    const bad = value.match(/[^A-Za-z0-9 '()+,\-./:=?]/u)?.[0] ?? ''
    return `has the character ${quoted(bad)}; letters A to Z, digits, space and ' ( ) + , - . / : = ? are allowed`
  }
  if (stringType === 'ia5' && !isAscii(value)) {
    return 'has a character that is not ASCII; only ASCII is allowed'
  }
  return undefined
}
