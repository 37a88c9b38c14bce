import { isUtf8 } from 'node:buffer'
import { CsrError } from '../errors.ts'
import { isPrintableString, type StringType } from '../subject/subject-attributes.ts'
import { oidFromOctets } from './oid.ts'

/** One value of a DER encoding. All buffers are views into the bytes that were read. */
export type DerElement = {
  /** The identifier octet: class, constructed bit and tag number (below 31). */
  tag: number
  /** The whole value: identifier, length and content. */
  encoded: Buffer
  content: Buffer
  /** The values inside a constructed one; empty for a primitive. */
  children: DerElement[]
}

/** Identifier octets of the universal types that a CSR has. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  sequence: 0x30,
  set: 0x31,
} as const

const maxDepth = 16

const stringReaders = new Map<number, { stringType: StringType; read: (octets: Buffer) => string }>(
  [
    [tags.utf8String, { stringType: 'utf8', read: readUtf8 }],
    [tags.printableString, { stringType: 'printable', read: readPrintable }],
    [tags.ia5String, { stringType: 'ia5', read: readAscii }],
  ],
)

/**
 * Reads bytes that are exactly one DER value, to the last of its primitives (X.690 sections 8.1
 * and 10.1): definite lengths in the shortest form, nothing left over anywhere, tag numbers below
 * 31, at most 16 levels. Throws `CsrError` (malformed_der).
 */
export function readDer(der: Buffer): DerElement {
  const element = readElement(der, 0, 1)
  if (element.encoded.length !== der.length) throw malformed('has bytes after its end')
  return element
}

/**
 * Throws `CsrError` (malformed_csr) unless an element is there and has the tag. `what` completes
 * "… is not".
 */
export function expectTag(
  element: DerElement | undefined,
  tag: number,
  what: string,
): asserts element is DerElement {
  if (element?.tag !== tag) {
    throw new CsrError('malformed_csr', `What should be ${what} has another type or is missing.`)
  }
}

/** The dotted form of an OBJECT IDENTIFIER. */
export function readOid(element: DerElement | undefined): string {
  expectTag(element, tags.oid, 'an object identifier')
  return oidFromOctets(element.content)
}

/** The octets of a BIT STRING of whole octets. */
export function readBitString(element: DerElement | undefined): Buffer {
  expectTag(element, tags.bitString, 'a bit string')
  if (element.content[0] !== 0) throw malformed('has a bit string that does not end at an octet')
  return element.content.subarray(1)
}

/**
 * Text and type of a character string in a name; of the types, UTF8String, PrintableString and
 * IA5String are read.
 */
export function readString(element: DerElement): { value: string; stringType: StringType } {
  const reader = stringReaders.get(element.tag)
  if (reader === undefined) {
    throw new CsrError('unsupported', 'A value in a name has a string type that is not read here.')
  }
  return { value: reader.read(element.content), stringType: reader.stringType }
}

/** The text of 7-bit octets. */
export function readAscii(octets: Buffer): string {
  if (octets.some((octet) => octet > 0x7f)) throw malformed('has a string that is not ASCII')
  return octets.toString('latin1')
}

/**
 * Throws `CsrError` (malformed_der) unless the members of a SET OF are in order (X.690 section
 * 11.6).
 */
export function expectSorted(set: DerElement): void {
  for (const [i, member] of set.children.entries()) {
    const next = set.children[i + 1]
    if (next !== undefined && Buffer.compare(member.encoded, next.encoded) > 0) {
      throw malformed('has a set that is not sorted')
    }
  }
}

function readElement(der: Buffer, start: number, depth: number): DerElement {
  if (depth > maxDepth) throw malformed(`is nested deeper than ${maxDepth} levels`)
  const tag = der[start]
  if (tag === undefined) throw malformed('ends too early')
  if ((tag & 0x1f) === 0x1f) throw malformed('has a tag number above 30')
  const { from, length } = readLength(der, start + 1)
  const end = from + length
  if (end > der.length) throw malformed('ends too early')
  const content = der.subarray(from, end)
  const children = (tag & 0x20) === 0 ? [] : readElements(content, depth + 1)
  return { tag, encoded: der.subarray(start, end), content, children }
}

function readElements(content: Buffer, depth: number): DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < content.length; ) {
    const element = readElement(content, at, depth)
    elements.push(element)
    at += element.encoded.length
  }
  return elements
}

function readLength(der: Buffer, at: number): { from: number; length: number } {
  const first = der[at]
  if (first === undefined) throw malformed('ends too early')
  if (first < 0x80) return { from: at + 1, length: first }
  const count = first & 0x7f
  if (count === 0) throw malformed('has an indefinite length')
  if (count > 4 || at + count >= der.length) throw malformed('ends too early')
  const length = der.readUIntBE(at + 1, count)
  if (length < 0x80 || der[at + 1] === 0) throw malformed('has a length that is not the shortest')
  return { from: at + 1 + count, length }
}

function readUtf8(octets: Buffer): string {
  if (!isUtf8(octets)) throw malformed('has a string that is not UTF-8')
  return octets.toString('utf8')
}

function readPrintable(octets: Buffer): string {
  const text = octets.toString('latin1')
  if (!isPrintableString(text)) throw malformed('has a PrintableString with other characters')
  return text
}

function malformed(how: string): CsrError {
  return new CsrError('malformed_der', `The DER ${how}.`)
}
