import { isUtf8 } from 'node:buffer'
import { isAscii } from '../character-rules.ts'
import { CsrError } from '../errors.ts'
import { type DerElement, type DerReport, refuse, tagName, tags } from './der-reader.ts'

/** The ASN.1 string types that this package writes into names. */
export type StringType = 'printable' | 'ia5' | 'utf8'

/** The ASN.1 string types that it reads. */
export type ReadStringType =
  | 'other'
  | StringType
  | 'teletex'
  | 'bmp'
  | 'universal'
  | 'numeric'
  | 'visible'

type StringReader = {
  stringType: ReadStringType
  /** The text, and what is wrong with the octets. */
  read: (octets: Buffer) => { value: string; fault?: string | undefined }
}

const readers: ReadonlyMap<number, StringReader> = new Map<number, StringReader>([
  [tags.utf8String, { stringType: 'utf8', read: readUtf8 }],
  [tags.printableString, { stringType: 'printable', read: readPrintable }],
  [tags.ia5String, { stringType: 'ia5', read: (octets) => read7Bit(octets, 'An IA5String') }],
  [
    tags.visibleString,
    { stringType: 'visible', read: (octets) => read7Bit(octets, 'A VisibleString') },
  ],
  [tags.numericString, { stringType: 'numeric', read: readNumeric }],
  // T.61 is read as Latin-1, as everybody does who still writes it.
  [
    tags.teletexString,
    { stringType: 'teletex', read: (octets) => ({ value: octets.toString('latin1') }) },
  ],
  [tags.bmpString, { stringType: 'bmp', read: readBmp }],
  [tags.universalString, { stringType: 'universal', read: readUniversal }],
])

/** Whether a value is a character string, of any type that is read. */
export function isText({ tag }: DerElement): boolean {
  return readers.has(tag)
}

/** Text and type of a character string. Throws `CsrError` (unsupported) for other types. */
export function readString(
  element: DerElement,
  report: DerReport = refuse,
): { value: string; stringType: ReadStringType } {
  const reader = readers.get(element.tag)
  if (reader === undefined) {
    throw new CsrError('unsupported', `What should be text is ${tagName(element.tag)}.`)
  }
  const { value, fault } = reader.read(element.content)
  if (fault !== undefined) report('der_string', fault)
  return { value, stringType: reader.stringType }
}

/** The text of 7-bit octets. */
export function readAscii(octets: Buffer, report: DerReport = refuse): string {
  const { value, fault } = read7Bit(octets, 'An IA5String')
  if (fault !== undefined) report('der_string', fault)
  return value
}

/** Whether every character is in PrintableString's set (X.680 section 41.4). */
export function isPrintableString(value: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value)
}

function readUtf8(octets: Buffer) {
  const value = octets.toString('utf8')
  return isUtf8(octets) ? { value } : { value, fault: 'A UTF8String is not UTF-8.' }
}

function readPrintable(octets: Buffer) {
  const value = octets.toString('latin1')
  if (isPrintableString(value)) return { value }
  return {
    value,
    fault:
      "A PrintableString has a character outside its set; letters A to Z, digits, space and ' ( ) + , - . / : = ? are allowed.",
  }
}

function read7Bit(octets: Buffer, what: string) {
  const value = octets.toString('latin1')
  return isAscii(value) ? { value } : { value, fault: `${what} has an octet that is not ASCII.` }
}

function readNumeric(octets: Buffer) {
  const value = octets.toString('latin1')
  if (/^[\d ]*$/.test(value)) return { value }
  return { value, fault: 'A NumericString has other characters than digits and spaces.' }
}

function readBmp(octets: Buffer) {
  const even = octets.subarray(0, octets.length - (octets.length % 2))
  const value = Buffer.from(even).swap16().toString('utf16le')
  const whole = even.length === octets.length && value.isWellFormed()
  return whole ? { value } : { value, fault: 'A BMPString is not whole characters of two octets.' }
}

function readUniversal(octets: Buffer) {
  const points: number[] = []
  for (let at = 0; at + 4 <= octets.length; at += 4) points.push(octets.readUInt32BE(at))
  const whole = octets.length % 4 === 0 && points.every((point) => point <= 0x10ffff)
  const value = points
    .map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'))
    .join('')
  return whole
    ? { value }
    : { value, fault: 'A UniversalString is not whole characters of four octets.' }
}
