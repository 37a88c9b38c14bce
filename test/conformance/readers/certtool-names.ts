import type { RawName } from './common-form.ts'
import { readEscapedName } from './escaped-name.ts'
import type { ReadAttribute } from './reading.ts'

/** A distinguished name in RFC 4514's form, in which the last RDN comes first. */
export function readName(printed: string): ReadAttribute[][] {
  return readEscapedName(printed)
    .map((rdn) => rdn.map(({ type, ...rest }) => ({ type: attributeTypes[type] ?? type, ...rest })))
    .reverse()
}

/** The names that GnuTLS prints for attribute types; others are in dots. */
const attributeTypes: Record<string, string> = {
  C: '2.5.4.6',
  ST: '2.5.4.8',
  L: '2.5.4.7',
  street: '2.5.4.9',
  postalCode: '2.5.4.17',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
  EMAIL: '1.2.840.113549.1.9.1',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
  serialNumber: '2.5.4.5',
  title: '2.5.4.12',
  description: '2.5.4.13',
  businessCategory: '2.5.4.15',
  telephoneNumber: '2.5.4.20',
  name: '2.5.4.41',
  givenName: '2.5.4.42',
  surName: '2.5.4.4',
  initials: '2.5.4.43',
  generationQualifier: '2.5.4.44',
  dnQualifier: '2.5.4.46',
  pseudonym: '2.5.4.65',
  INN: '1.2.643.3.131.1.1',
  jurisdictionOfIncorporationLocalityName: '1.3.6.1.4.1.311.60.2.1.1',
  jurisdictionOfIncorporationStateOrProvinceName: '1.3.6.1.4.1.311.60.2.1.2',
  jurisdictionOfIncorporationCountryName: '1.3.6.1.4.1.311.60.2.1.3',
}

/** The lines below the header of a subjectAltName; undefined if one of them is not understood. */
export function readAltNames(lines: readonly string[]): RawName[] | undefined {
  const names: RawName[] = []
  for (const line of lines) {
    const [, label = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? []
    const name = nameForms[label]?.(value, names)
    if (name === undefined) return undefined
    names.push(...name)
  }
  return names
}

/** What a line adds to the names that come before it. */
type NameForm = (value: string, before: RawName[]) => RawName[]

const other =
  (oid: string): NameForm =>
  (value) => [{ type: 'otherName', oid, value }]

const nameForms: Record<string, NameForm> = {
  DNSname: (value) => [{ type: 'dns', value: withoutRemark(value) }],
  RFC822Name: (value) => [{ type: 'email', value: withoutRemark(value) }],
  URI: (value) => [{ type: 'uri', value }],
  IPAddress: (value) => [{ type: 'ip', value }],
  'Registered ID': (value) => [{ type: 'rid', value }],
  directoryName: (value) => [{ type: 'dirName', value: readName(value) }],
  'User Principal Name': other('1.3.6.1.4.1.311.20.2.3'),
  'XMPP Address': other('1.3.6.1.5.5.7.8.5'),
  KRB5Principal: other('1.3.6.1.5.2.2'),
  // Any other otherName has three lines.
  'otherName OID': (oid) => [{ type: 'otherName', oid }],
  'otherName DER': (der, before) => {
    const last = before.at(-1)
    if (last?.type === 'otherName') last.der = der
    return []
  },
  'otherName ASCII': () => [],
}

/** Behind a name with A-labels it prints the U-labels, and behind a bad one what it thinks of it. */
function withoutRemark(value: string): string {
  const [, internationalised] = /^(\S*xn--\S*) \(.*\)$/i.exec(value) ?? []
  return internationalised ?? value.replace(/ \(contains illegal chars\)$/, '')
}
