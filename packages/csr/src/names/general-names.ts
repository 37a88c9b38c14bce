import { type DerElement, expectTag, readOid, tags } from '../der/der-reader.ts'
import { readAscii, readString } from '../der/der-string.ts'
import * as der from '../der/der-writer.ts'
import { oidFromOctets, oidToOctets } from '../der/oid.ts'
import { CsrError } from '../errors.ts'
import { type Reading, strictly } from '../reading.ts'
import {
  differingRdn,
  encodeName,
  type Rdn,
  type ReadRdn,
  readName,
} from '../subject/distinguished-name.ts'
import { ipAddressOctets, ipAddressText } from './ip-address.ts'
import { upnOid } from './other-name.ts'

/**
 * A subject alternative name (RFC 5280 section 4.2.1.6) in its normalised form: `dns` an ASCII
 * host name, `ip` an address as it was written, `rid` a dotted object identifier, `dirName` RDNs
 * in the order of their encoding, `upn` a user principal name, `otherName` a UTF8String under its
 * type or, as `der`, the base64 of any other value.
 */
export type SubjectAltName =
  | { type: 'dns'; value: string }
  | { type: 'ip'; value: string }
  | { type: 'email'; value: string }
  | { type: 'uri'; value: string }
  | { type: 'dirName'; value: Rdn[] }
  | { type: 'rid'; value: string }
  | { type: 'upn'; value: string }
  | { type: 'otherName'; oid: string; value: string }
  | { type: 'otherName'; oid: string; der: string }

/** The kinds of subject alternative names. */
export type SubjectAltNameType = SubjectAltName['type']

/**
 * A subject alternative name as it was read; an `ip` in its shortest text. `other` is one that
 * cannot be read, or of a kind that is not: the base64 of its DER.
 */
export type ReadSubjectAltName =
  | { type: 'other'; der: string }
  | Exclude<SubjectAltName, { type: 'dirName' }>
  | { type: 'dirName'; value: ReadRdn[] }

/** How one kind of name becomes a GeneralName and is told from another that was read. */
type GeneralNameForm<Type extends SubjectAltNameType> = {
  encode: (name: Extract<SubjectAltName, { type: Type }>) => Buffer
  /** Whether a name that was read is the one that was asked for. */
  same: (
    asked: Extract<SubjectAltName, { type: Type }>,
    found: Extract<ReadSubjectAltName, { type: Type }>,
  ) => boolean
}

const sameValue = (asked: { value: unknown }, found: { value: unknown }) =>
  asked.value === found.value

const forms: { [Type in SubjectAltNameType]: GeneralNameForm<Type> } = {
  otherName: {
    encode: (name) => {
      const value = 'der' in name ? Buffer.from(name.der, 'base64') : der.string('utf8', name.value)
      return encodeOtherName(name.oid, value)
    },
    same: (asked, found) => asked.oid === found.oid && textOrDer(asked) === textOrDer(found),
  },
  upn: {
    encode: ({ value }) => encodeOtherName(upnOid, der.string('utf8', value)),
    same: sameValue,
  },
  email: {
    encode: ({ value }) => der.taggedOctets(1, Buffer.from(value, 'latin1')),
    same: sameValue,
  },
  dns: {
    encode: ({ value }) => der.taggedOctets(2, Buffer.from(value, 'latin1')),
    same: sameValue,
  },
  dirName: {
    // Name is a CHOICE: its tag is always explicit (X.680 section 31.2.7).
    encode: ({ value }) => der.tagged(4, [encodeName(value)]),
    same: (asked, found) => differingRdn(asked.value, found.value) === undefined,
  },
  uri: {
    encode: ({ value }) => der.taggedOctets(6, Buffer.from(value, 'latin1')),
    same: sameValue,
  },
  ip: {
    encode: ({ value }) => der.taggedOctets(7, octetsOf(value)),
    same: (asked, found) => octetsOf(asked.value).equals(octetsOf(found.value)),
  },
  rid: { encode: ({ value }) => der.taggedOctets(8, oidToOctets(value)), same: sameValue },
}

type NameReader = (element: DerElement, reading: Reading, pointer: string) => ReadSubjectAltName

/** By identifier octet. The text of what is not 7 bit is read nevertheless, and reported. */
const readers: ReadonlyMap<number, NameReader> = new Map<number, NameReader>([
  [0xa0, readOtherName],
  [0x81, asciiReader('email')],
  [0x82, asciiReader('dns')],
  [0xa4, readDirName],
  [0x86, asciiReader('uri')],
  [0x87, ({ content }) => ({ type: 'ip', value: textOf(content) })],
  [0x88, ({ content }) => ({ type: 'rid', value: oidFromOctets(content) })],
])

/**
 * The GeneralName of a subject alternative name. Throws `CsrError` (unencodable) if its value is
 * none.
 */
export function encodeGeneralName(name: SubjectAltName): Buffer {
  return formOf(name.type).encode(name)
}

/**
 * Reads a GeneralName; `pointer` says where it stands. Throws `CsrError`: unsupported for
 * x400Address and ediPartyName.
 */
export function readGeneralName(
  element: DerElement,
  reading: Reading = strictly(),
  pointer = '/subjectAltNames',
): ReadSubjectAltName {
  reading.countItem()
  const read = readers.get(element.tag)
  if (read !== undefined) return read(element, reading, pointer)
  const rare = element.tag === 0xa3 || element.tag === 0xa5
  throw rare
    ? new CsrError('unsupported', 'The name is an x400Address or ediPartyName, which is not read.')
    : new CsrError('malformed_csr', 'The name is of none of the kinds of a GeneralName.')
}

/** Whether a name that was read is the one that was asked for; of addresses the octets count. */
export function sameGeneralName(asked: SubjectAltName, found: ReadSubjectAltName): boolean {
  return asked.type === found.type && formOf(asked.type).same(asked, found)
}

// The one place that forgets which kind a form is for: callers pass a name of that same kind.
function formOf(type: SubjectAltNameType): GeneralNameForm<SubjectAltNameType> {
  return forms[type] as GeneralNameForm<SubjectAltNameType>
}

function asciiReader(type: 'email' | 'dns' | 'uri'): NameReader {
  return ({ content }, reading, pointer) => ({
    type,
    value: readAscii(content, reading.at(pointer)),
  })
}

function encodeOtherName(oid: string, value: Buffer): Buffer {
  return der.tagged(0, [der.oid(oid), der.tagged(0, [value])])
}

function textOrDer(name: { value: string } | { der: string }): string {
  return 'der' in name ? `der:${name.der}` : `text:${name.value}`
}

function readOtherName(element: DerElement, reading: Reading, pointer: string): ReadSubjectAltName {
  const [type, wrapped, ...more] = element.children
  const oid = readOid(type)
  expectTag(wrapped, 0xa0, 'the value of an otherName')
  const [value, ...others] = wrapped.children
  if (value === undefined || more.length + others.length > 0) {
    throw new CsrError('malformed_csr', 'An otherName is not a type and a value.')
  }
  if (value.tag !== tags.utf8String) {
    return { type: 'otherName', oid, der: value.encoded.toString('base64') }
  }
  const text = readString(value, reading.at(pointer)).value
  return oid === upnOid ? { type: 'upn', value: text } : { type: 'otherName', oid, value: text }
}

function readDirName(element: DerElement, reading: Reading, pointer: string): ReadSubjectAltName {
  const [name, ...more] = element.children
  if (name === undefined || more.length > 0) {
    throw new CsrError('malformed_csr', 'A directoryName is not one Name.')
  }
  return { type: 'dirName', value: readName(name, reading, `${pointer}/value`) }
}

function octetsOf(address: string): Buffer {
  const octets = ipAddressOctets(address)
  if (octets === undefined) throw new CsrError('unencodable', 'An ip is not an IP address.')
  return octets
}

function textOf(octets: Buffer): string {
  const text = ipAddressText(octets)
  if (text === undefined) {
    throw new CsrError(
      'malformed_csr',
      `An iPAddress has ${octets.length} octets; 4 (IPv4) or 16 (IPv6) are needed.`,
    )
  }
  return text
}
