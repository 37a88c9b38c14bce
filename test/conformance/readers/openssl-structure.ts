import type { RawReading } from './common-form.ts'
import type { Asn1Node } from './openssl-asn1.ts'
import { dottedOid } from './openssl-objects.ts'
import { opensslStringTypes } from './openssl-text.ts'
import type { ReadAttribute, ReadExtension, ReadName, ReadRdn } from './reading.ts'

/** OpenSSL's table of OIDs by its names. */
export type Oids = ReadonlyMap<string, string>

/** An extension as asn1parse has it: `name` as it is printed, `value` its octets. */
export type PrintedExtension = { name: string; oid: string; critical: boolean; value: Buffer }

/** The fields that are attributes of a request. */
export type RequestAttributes = {
  extensions: PrintedExtension[]
} & Pick<RawReading, 'challengePassword' | 'unstructuredName'>

/** The attributes of a request, from what asn1parse says of the whole of it. */
export function readAttributes(request: Asn1Node, oids: Oids): RequestAttributes {
  const info = request.children[0]?.children ?? []
  const attributes = info.find(({ tag }) => tag === 'cont [ 0 ]')?.children ?? []
  const values = (wanted: string) =>
    attributes
      .filter(({ children: [type] }) => type !== undefined && oidOf(type, oids) === wanted)
      .flatMap(({ children: [, set] }) => set?.children ?? [])
  const challengePassword = onlyText(values('1.2.840.113549.1.9.7'))
  const unstructuredName = onlyText(values('1.2.840.113549.1.9.2'))
  return {
    extensions: values('1.2.840.113549.1.9.14')
      .flatMap(({ children }) => children)
      .map((extension) => readExtension(extension, oids)),
    ...(challengePassword !== undefined && { challengePassword }),
    ...(unstructuredName !== undefined && { unstructuredName }),
  }
}

/** The extension in the common form. */
export function commonExtension({ oid, critical, value }: PrintedExtension): ReadExtension {
  return { oid, critical, value: value.toString('hex') }
}

/**
 * The names of a subjectAltName, from two opinions: asn1parse's of where each one begins and ends,
 * and the text that OpenSSL prints for the extension, in which names are not told apart when one
 * has a comma. Undefined if the two do not fit together.
 */
export function readAltNames(sequence: Asn1Node, text: string, oids: Oids): ReadName[] | undefined {
  const pattern = sequence.children.map(printedForm).join(', ')
  // The text is UTF-8 that was never decoded by OpenSSL.
  const found = new RegExp(`^${pattern}$`, 's').exec(Buffer.from(text).toString('latin1'))
  if (found === null) return undefined
  const registered = found.slice(1).values()
  return sequence.children.map((name) => readAltName(name, registered, oids))
}

type NameForm = {
  /** A pattern of what is printed for it. */
  printed: (content: Buffer) => string
  read: (name: Asn1Node, oids: Oids) => ReadName
}

/** A pattern of the text itself. */
const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const ia5 = (label: string, type: 'email' | 'dns' | 'uri'): NameForm => ({
  printed: (content) => `${label}:${literally(content.toString('latin1'))}`,
  read: ({ content }) => ({ type, value: content.toString('latin1') }),
})

const forms: Record<string, NameForm> = {
  'cont [ 0 ]': { printed: () => 'othername:.*?', read: readOtherName },
  'cont [ 1 ]': ia5('email', 'email'),
  'cont [ 2 ]': ia5('DNS', 'dns'),
  'cont [ 4 ]': {
    printed: () => 'DirName:.*?',
    read: ({ children }, oids) => ({ type: 'dirName', value: readName(children[0], oids) }),
  },
  'cont [ 6 ]': ia5('URI', 'uri'),
  'cont [ 7 ]': {
    printed: (content) => `IP Address:${literally(printedIp(content))}`,
    read: ({ content }) => ({ type: 'ip', value: printedIp(content) }),
  },
}

const registeredId = 'cont [ 8 ]'

function printedForm({ tag, content }: Asn1Node): string {
  if (tag === registeredId) return 'Registered ID:([^,]*)'
  return forms[tag]?.printed(content) ?? '.*?'
}

function readAltName(name: Asn1Node, registered: Iterator<string>, oids: Oids): ReadName {
  if (name.tag === registeredId) {
    const printed = String(registered.next().value)
    return { type: 'rid', value: dottedOid(printed, oids) ?? printed }
  }
  const unknown: ReadName = { type: 'unknown', der: name.der.toString('hex') }
  return forms[name.tag]?.read(name, oids) ?? unknown
}

/** Its form in OpenSSL's text. */
function printedIp(octets: Buffer): string {
  if (octets.length === 4) return octets.join('.')
  if (octets.length !== 16) return '<invalid>'
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(2 * index))
  return groups.map((group) => group.toString(16).toUpperCase()).join(':')
}

function readOtherName({ children: [type, wrapper] }: Asn1Node, oids: Oids): ReadName {
  const value = wrapper?.children[0]
  if (type === undefined || value === undefined) return { type: 'unknown' }
  const text = textOf(value)
  return {
    type: 'otherName',
    oid: oidOf(type, oids),
    der: value.der.toString('hex'),
    ...(text !== undefined && { value: text }),
  }
}

function readName(sequence: Asn1Node | undefined, oids: Oids): ReadRdn[] {
  return (sequence?.children ?? []).map(({ children }) =>
    children.map((attribute) => readNameAttribute(attribute, oids)),
  )
}

function readNameAttribute({ children: [type, value] }: Asn1Node, oids: Oids): ReadAttribute {
  if (type === undefined || value === undefined) return { type: 'unreadable' }
  const stringType = opensslStringTypes[value.tag]
  const text = textOf(value)
  return {
    type: oidOf(type, oids),
    ...(text === undefined ? { der: value.der.toString('hex') } : { value: text }),
    ...(stringType && { stringType }),
  }
}

function readExtension({ children }: Asn1Node, oids: Oids): PrintedExtension {
  const [type, ...rest] = children
  const value = rest.at(-1)?.printed ?? Buffer.alloc(0)
  const critical = rest.length === 2 && rest[0]?.printed.toString() !== '0'
  if (type === undefined) return { name: '', oid: 'unreadable', critical, value }
  return { name: type.printed.toString('latin1'), oid: oidOf(type, oids), critical, value }
}

function onlyText(values: Asn1Node[]): string | undefined {
  const [value] = values
  return values.length === 1 && value !== undefined ? textOf(value) : undefined
}

/** The string types that asn1parse prints byte for byte. */
const encodings: Record<string, BufferEncoding> = {
  UTF8STRING: 'utf8',
  PRINTABLESTRING: 'latin1',
  IA5STRING: 'latin1',
  T61STRING: 'latin1',
  VISIBLESTRING: 'latin1',
  NUMERICSTRING: 'latin1',
}

function textOf({ tag, printed }: Asn1Node): string | undefined {
  const encoding = encodings[tag]
  return encoding && printed.toString(encoding)
}

function oidOf({ printed }: Asn1Node, oids: Oids): string {
  const name = printed.toString('latin1')
  return dottedOid(name, oids) ?? name
}
