import type { RawReading } from './common-form.ts'
import { readEscapedName } from './escaped-name.ts'
import { dottedOid } from './openssl-objects.ts'
import type { ReadAttribute, Reading, ReadKey, ReadStringType } from './reading.ts'
import { signatureAlgorithmName } from './signature-algorithms.ts'

/**
 * How names are to be printed so that they come back exactly: OIDs in dots, the string type before
 * each value, RFC 2253's escapes, everything beyond ASCII as escaped UTF-8, in the order of the
 * encoding.
 */
export const nameOptions = 'RFC2253,oid,show_type,utf8,esc_msb,-dn_rev,-dump_unknown'

/** What `openssl req -text` says of a whole request, but for its attributes. */
export function readRequestText(
  text: string,
): Pick<Reading, 'subject'> & Pick<RawReading, 'key' | 'signatureAlgorithm'> {
  const subject = /^ {8}Subject: ?(.*)$/m.exec(text)?.[1]
  const algorithm = /^ {4}Signature Algorithm: (.*)$/m.exec(text)?.[1]
  return {
    ...(subject !== undefined && { subject: readSubject(subject) }),
    key: readKey(text),
    ...(algorithm !== undefined && { signatureAlgorithm: signatureAlgorithmName(algorithm) }),
  }
}

/**
 * What `openssl req -text` prints below the header of each extension. Undefined if it does not have
 * the headers of those extensions, as when a value has a line that looks like a header.
 *
 * @param names as OpenSSL prints them, in the order of the encoding
 */
export function extensionTexts(text: string, names: readonly string[]): string[] | undefined {
  const block = /^ {12}Requested Extensions:\n(.*?)^ {4}Signature Algorithm:/ms.exec(text)?.[1]
  if (block === undefined) return names.length === 0 ? [] : undefined
  const [before, ...sections] = block.split(/^ {16}(?=\S)/m)
  const matches = sections.map((section, index) => {
    const name = names[index] ?? ''
    const [, value] = /^(?:critical)? *\n(.*)$/s.exec(section.slice(name.length + 2)) ?? []
    return section.startsWith(`${name}: `) ? value?.replace(/^ {20}/gm, '').trimEnd() : undefined
  })
  const complete = matches.filter((value) => value !== undefined)
  const whole =
    before === '' && complete.length === names.length && complete.length === matches.length
  return whole ? complete : undefined
}

/** The printed forms of extensions that are read from the text, by OID. */
export const printedFields: Record<
  string,
  (text: string, oids: ReadonlyMap<string, string>) => Partial<Reading> | undefined
> = {
  '2.5.29.15': (text) => {
    const usages = text === '' ? [] : text.split(', ').map((usage) => keyUsages[usage])
    const known = usages.filter((usage) => usage !== undefined)
    return known.length === usages.length ? { keyUsage: known } : undefined
  },
  '2.5.29.37': (text, oids) => {
    const usages = text.split(', ').map((usage) => dottedOid(usage, oids))
    const known = usages.filter((usage) => usage !== undefined)
    return known.length === usages.length ? { extendedKeyUsage: known } : undefined
  },
  '2.5.29.19': (text) => {
    const found = /^CA:(TRUE|FALSE)(?:, pathlen:(\d+))?$/.exec(text)
    if (found === null) return undefined
    const [, ca, length] = found
    const pathLength = length === undefined ? {} : { pathLength: Number(length) }
    return { basicConstraints: { ca: ca === 'TRUE', ...pathLength } }
  },
  '2.5.29.14': (text) =>
    /^[0-9A-F]{2}(:[0-9A-F]{2})*$/.test(text)
      ? { subjectKeyIdentifier: text.replaceAll(':', '').toLowerCase() }
      : undefined,
  '1.3.6.1.5.5.7.1.24': (text) => {
    const features = text.split(', ').map((feature) => tlsFeatures[feature] ?? Number(feature))
    return features.every(Number.isInteger) ? { tlsFeature: features } : undefined
  },
}

/** OpenSSL's names of ASN.1 string types. */
export const opensslStringTypes: Record<string, ReadStringType> = {
  UTF8STRING: 'utf8',
  PRINTABLESTRING: 'printable',
  IA5STRING: 'ia5',
  T61STRING: 't61',
  BMPSTRING: 'bmp',
  UNIVERSALSTRING: 'universal',
  VISIBLESTRING: 'visible',
  NUMERICSTRING: 'numeric',
}

const keyUsages: Record<string, string> = {
  'Digital Signature': 'digitalSignature',
  'Non Repudiation': 'nonRepudiation',
  'Key Encipherment': 'keyEncipherment',
  'Data Encipherment': 'dataEncipherment',
  'Key Agreement': 'keyAgreement',
  'Certificate Sign': 'keyCertSign',
  'CRL Sign': 'cRLSign',
  'Encipher Only': 'encipherOnly',
  'Decipher Only': 'decipherOnly',
}

const tlsFeatures: Record<string, number> = { status_request: 5, status_request_v2: 17 }

function readSubject(printed: string): ReadAttribute[][] {
  return readEscapedName(printed).map((rdn) => rdn.map(withStringType))
}

function withStringType(
  attribute: ReturnType<typeof readEscapedName>[number][number],
): ReadAttribute {
  if ('der' in attribute) return attribute
  const { type } = attribute
  const [, tag = '', value = ''] = /^([A-Z0-9 ]+):(.*)$/s.exec(attribute.value) ?? []
  const stringType = opensslStringTypes[tag]
  return { type, value, ...(stringType && { stringType }) }
}

const keyKinds: Record<string, ReadKey['kind']> = {
  rsaEncryption: 'rsa',
  'id-ecPublicKey': 'ec',
  dsaEncryption: 'dsa',
  ED25519: 'ed25519',
  ED448: 'ed448',
  'ML-DSA-44': 'ml-dsa-44',
  'ML-DSA-65': 'ml-dsa-65',
  'ML-DSA-87': 'ml-dsa-87',
}

function readKey(text: string): NonNullable<RawReading['key']> {
  const algorithm = /^ {12}Public Key Algorithm: (.*)$/m.exec(text)?.[1] ?? ''
  const kind = keyKinds[algorithm] ?? 'other'
  const bits = /^ {16}Public-Key: \((\d+) bit\)$/m.exec(text)?.[1]
  const curve = /^ {16}ASN1 OID: (.*)$/m.exec(text)?.[1]
  return { kind, ...(bits && { bits: Number(bits) }), ...(curve && { curve }) }
}
