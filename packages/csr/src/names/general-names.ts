import {
  type DerElement,
  expectTag,
  readAscii,
  readOid,
  readString,
  tags,
} from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { oidFromOctets, oidToOctets } from '../der/oid.ts'
import { CsrError } from '../errors.ts'
import {
  differingRdn,
  encodeName,
  type Rdn,
  type ReadRdn,
  readName,
} from '../subject/distinguished-name.ts'
import { ipAddressOctets, ipAddressText } from './ip-address.ts'

/**
 * A subject alternative name (RFC 5280 section 4.2.1.6) in its normalised form: `dns` an ASCII
 * host name, `ip` an address as it was written, `rid` a dotted object identifier, `dirName` RDNs
 * in the order of their encoding, `otherName` a UTF8String under its type.
 */
export type SubjectAltName =
  | { type: 'dns'; value: string }
  | { type: 'ip'; value: string }
  | { type: 'email'; value: string }
  | { type: 'uri'; value: string }
  | { type: 'dirName'; value: Rdn[] }
  | { type: 'rid'; value: string }
  | { type: 'otherName'; oid: string; value: string }

/** The kinds of subject alternative names. */
export type SubjectAltNameType = SubjectAltName['type']

/** A subject alternative name as it was read; an `ip` in its shortest text. */
export type ReadSubjectAltName =
  | Exclude<SubjectAltName, { type: 'dirName' }>
  | { type: 'dirName'; value: ReadRdn[] }

type AskedOf<Type> = Extract<SubjectAltName, { type: Type }>
type ReadOf<Type> = Extract<ReadSubjectAltName, { type: Type }>

/** How one kind of name becomes a GeneralName and comes back (RFC 5280 section 4.2.1.6). */
type GeneralNameForm<Type extends SubjectAltNameType> = {
  /** Identifier octet of the GeneralName. */
  tag: number
  encode: (name: AskedOf<Type>) => der.Asn1
  read: (element: DerElement) => ReadOf<Type>
  /** Whether a name that was read is the one that was asked for. */
  same: (asked: AskedOf<Type>, found: ReadOf<Type>) => boolean
}

const sameValue = (asked: { value: unknown }, found: { value: unknown }) =>
  asked.value === found.value

const forms: { [Type in SubjectAltNameType]: GeneralNameForm<Type> } = {
  otherName: {
    tag: 0xa0,
    encode: ({ oid, value }) =>
      der.tagged(0, [der.oid(oid), der.tagged(0, [der.string('utf8', value)])]),
    read: readOtherName,
    same: (asked, found) => asked.oid === found.oid && asked.value === found.value,
  },
  email: {
    tag: 0x81,
    encode: ({ value }) => der.taggedOctets(1, Buffer.from(value, 'latin1')),
    read: ({ content }) => ({ type: 'email', value: readAscii(content) }),
    same: sameValue,
  },
  dns: {
    tag: 0x82,
    encode: ({ value }) => der.taggedOctets(2, Buffer.from(value, 'latin1')),
    read: ({ content }) => ({ type: 'dns', value: readAscii(content) }),
    same: sameValue,
  },
  dirName: {
    tag: 0xa4,
    // Name is a CHOICE: its tag is always explicit (X.680 section 31.2.7).
    encode: ({ value }) => der.tagged(4, [encodeName(value)]),
    read: readDirName,
    same: (asked, found) => differingRdn(asked.value, found.value) === undefined,
  },
  uri: {
    tag: 0x86,
    encode: ({ value }) => der.taggedOctets(6, Buffer.from(value, 'latin1')),
    read: ({ content }) => ({ type: 'uri', value: readAscii(content) }),
    same: sameValue,
  },
  ip: {
    tag: 0x87,
    encode: ({ value }) => der.taggedOctets(7, octetsOf(value)),
    read: ({ content }) => ({ type: 'ip', value: textOf(content) }),
    same: (asked, found) => octetsOf(asked.value).equals(octetsOf(found.value)),
  },
  rid: {
    tag: 0x88,
    encode: ({ value }) => der.taggedOctets(8, oidToOctets(value)),
    read: ({ content }) => ({ type: 'rid', value: oidFromOctets(content) }),
    same: sameValue,
  },
}

const formsByTag: ReadonlyMap<number, GeneralNameForm<SubjectAltNameType>> = new Map(
  (Object.keys(forms) as SubjectAltNameType[]).map((type) => [forms[type].tag, formOf(type)]),
)

/**
 * The GeneralName of a subject alternative name. Throws `CsrError` (unencodable) if its value is
 * none.
 */
export function encodeGeneralName(name: SubjectAltName): der.Asn1 {
  return formOf(name.type).encode(name)
}

/**
 * Reads a GeneralName. Throws `CsrError`: unsupported for x400Address, ediPartyName and other
 * otherNames.
 */
export function readGeneralName(element: DerElement): ReadSubjectAltName {
  const form = formsByTag.get(element.tag)
  if (form === undefined) {
    throw new CsrError('unsupported', 'A subject alternative name is of a kind not read here.')
  }
  return form.read(element)
}

/** Whether a name that was read is the one that was asked for; of addresses the octets count. */
export function sameGeneralName(asked: SubjectAltName, found: ReadSubjectAltName): boolean {
  return asked.type === found.type && formOf(asked.type).same(asked, found)
}

// The one place that forgets which kind a form is for: callers pass a name of that same kind.
function formOf(type: SubjectAltNameType): GeneralNameForm<SubjectAltNameType> {
  return forms[type] as GeneralNameForm<SubjectAltNameType>
}

function readOtherName(element: DerElement): ReadOf<'otherName'> {
  const [type, wrapped, ...more] = element.children
  const oid = readOid(type)
  expectTag(wrapped, 0xa0, 'the value of an otherName')
  const [value, ...others] = wrapped.children
  if (value === undefined || more.length + others.length > 0) {
    throw new CsrError('malformed_csr', 'An otherName is not a type and a value.')
  }
  if (value.tag !== tags.utf8String) {
    throw new CsrError('unsupported', 'An otherName has a value that is not a UTF8String.')
  }
  return { type: 'otherName', oid, value: readString(value).value }
}

function readDirName(element: DerElement): ReadOf<'dirName'> {
  const [name, ...more] = element.children
  if (name === undefined || more.length > 0) {
    throw new CsrError('malformed_csr', 'A directoryName is not one Name.')
  }
  return { type: 'dirName', value: readName(name) }
}

function octetsOf(address: string): Buffer {
  const octets = ipAddressOctets(address)
  if (octets === undefined) throw new CsrError('unencodable', 'An ip is not an IP address.')
  return octets
}

function textOf(octets: Buffer): string {
  const text = ipAddressText(octets)
  if (text === undefined) {
    throw new CsrError('malformed_csr', 'An iPAddress has neither 4 nor 16 octets.')
  }
  return text
}
