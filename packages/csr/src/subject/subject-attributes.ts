import { checkCharacters, checkLength, isAscii, quoted } from '../character-rules.ts'
import { checkCountryCode } from './country-codes.ts'

/** The ASN.1 string types that this package writes into names. */
export type StringType = 'printable' | 'ia5' | 'utf8'

type AttributeRule = {
  oid: string
  /** The most characters (code points) that are allowed. */
  max: number
  /** `directory` is PrintableString where every character allows it, UTF8String elsewhere. */
  strings: 'printable' | 'ia5' | 'directory'
  /** What else the value has to be. */
  check?: (value: string) => string | undefined
}

const ubName = 32768

/**
 * The attribute types of a subject by their short names: object identifiers and bounds of RFC
 * 5280 appendix A (X.520's upper bounds), of RFC 4519 for DC and UID, of RFC 2985 section 5.2.1
 * for emailAddress. The RFCs set no bound for street, dnQualifier, DC and UID: those here are ours.
 */
const attributeRules = {
  CN: { oid: '2.5.4.3', max: 64, strings: 'directory' },
  C: { oid: '2.5.4.6', max: 2, strings: 'printable', check: checkCountryCode },
  ST: { oid: '2.5.4.8', max: 128, strings: 'directory' },
  L: { oid: '2.5.4.7', max: 128, strings: 'directory' },
  O: { oid: '2.5.4.10', max: 64, strings: 'directory' },
  OU: { oid: '2.5.4.11', max: 64, strings: 'directory' },
  street: { oid: '2.5.4.9', max: 128, strings: 'directory' },
  postalCode: { oid: '2.5.4.17', max: 40, strings: 'directory' },
  serialNumber: { oid: '2.5.4.5', max: 64, strings: 'printable' },
  emailAddress: { oid: '1.2.840.113549.1.9.1', max: 255, strings: 'ia5' },
  DC: { oid: '0.9.2342.19200300.100.1.25', max: 63, strings: 'ia5' },
  UID: { oid: '0.9.2342.19200300.100.1.1', max: 256, strings: 'directory' },
  dnQualifier: { oid: '2.5.4.46', max: 64, strings: 'printable' },
  GN: { oid: '2.5.4.42', max: ubName, strings: 'directory' },
  SN: { oid: '2.5.4.4', max: ubName, strings: 'directory' },
  initials: { oid: '2.5.4.43', max: ubName, strings: 'directory' },
  generationQualifier: { oid: '2.5.4.44', max: ubName, strings: 'directory' },
  title: { oid: '2.5.4.12', max: 64, strings: 'directory' },
  pseudonym: { oid: '2.5.4.65', max: 128, strings: 'directory' },
} as const satisfies Record<string, AttributeRule>

/** Short name of an attribute type, as OpenSSL spells it: GN is givenName, SN is surname. */
export type AttributeType = keyof typeof attributeRules

/** The attribute types by short name; every fact about a type is in its row. */
export const subjectAttributes: Readonly<Record<AttributeType, AttributeRule>> = attributeRules

/** Short names of all attribute types that a subject can have. */
export const attributeTypes = Object.keys(attributeRules) as AttributeType[]

const typesByOid: ReadonlyMap<string, AttributeType> = new Map(
  attributeTypes.map((type) => [subjectAttributes[type].oid, type]),
)

// Long names of RFC 4519 and the spelling "E" that Windows prints.
const longNames: Record<string, AttributeType> = {
  commonname: 'CN',
  countryname: 'C',
  stateorprovincename: 'ST',
  localityname: 'L',
  organizationname: 'O',
  organizationalunitname: 'OU',
  streetaddress: 'street',
  domaincomponent: 'DC',
  userid: 'UID',
  givenname: 'GN',
  surname: 'SN',
  e: 'emailAddress',
}

const typesByName: ReadonlyMap<string, AttributeType> = new Map([
  ...attributeTypes.map((type) => [type.toLowerCase(), type] as const),
  ...Object.entries(longNames),
])

/** The attribute type of a dotted object identifier, or undefined if the table has none. */
export function attributeTypeOfOid(oid: string): AttributeType | undefined {
  return typesByOid.get(oid)
}

/**
 * The attribute type of a short name, long name or dotted OID; case does not count (RFC 4512
 * section 1.4).
 */
export function attributeTypeOfName(name: string): AttributeType | undefined {
  return typesByName.get(name.toLowerCase()) ?? typesByOid.get(name)
}

/**
 * Checks the value of one attribute.
 *
 * @param max a stricter bound in characters, for a dialect that has one
 * @returns what is wrong and what is allowed, without the field's name; undefined if nothing is
 */
export function checkAttributeValue(
  type: AttributeType,
  value: string,
  max: number = Number.POSITIVE_INFINITY,
): string | undefined {
  const rule: AttributeRule = subjectAttributes[type]
  return (
    checkCharacters(value) ??
    rule.check?.(value) ??
    checkLength(value, Math.min(max, rule.max)) ??
    checkStrings(rule, value)
  )
}

/** The ASN.1 string type in which a value of this attribute is written (RFC 5280 appendix A). */
export function stringTypeOf(type: AttributeType, value: string): StringType {
  const { strings } = subjectAttributes[type]
  if (strings !== 'directory') return strings
  return isPrintableString(value) ? 'printable' : 'utf8'
}

/** Whether every character is in PrintableString's set (X.680 section 41.4). */
export function isPrintableString(value: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value)
}

function checkStrings(rule: AttributeRule, value: string): string | undefined {
  if (rule.strings === 'printable' && !isPrintableString(value)) {
    const bad = value.match(/[^A-Za-z0-9 '()+,\-./:=?]/u)?.[0] ?? ''
    return `has the character ${quoted(bad)}; letters A to Z, digits, space and ' ( ) + , - . / : = ? are allowed`
  }
  if (rule.strings === 'ia5' && !isAscii(value)) {
    return 'has a character that is not ASCII; only ASCII is allowed'
  }
  return undefined
}
