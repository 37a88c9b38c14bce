import { CsrError } from '../errors.ts'
import type { DerFindingCode } from './der-findings.ts'
import { oidFromOctets } from './oid.ts'

/** One value of a DER encoding. All buffers are views into the bytes that were read. */
export class DerElement {
  /** The identifier octet; of tag numbers above 30, which no part of a CSR has, the first of several. */
  readonly tag: number
  /** The values inside a constructed one; empty for a primitive. */
  readonly children: DerElement[]
  readonly #der: Buffer
  readonly #place: ElementPlace

  constructor(der: Buffer, place: ElementPlace, children: DerElement[]) {
    this.tag = der[place.start] ?? 0
    this.children = children
    this.#der = der
    this.#place = place
  }

  // Views cost more than the reading itself, and most values are asked for one of them or none.

  /** The whole value: identifier, length and content. */
  get encoded(): Buffer {
    return this.#der.subarray(this.#place.start, this.#place.end)
  }

  get content(): Buffer {
    return this.#der.subarray(this.#place.from, this.#place.to)
  }

  /** How many octets the whole value has. */
  get length(): number {
    return this.#place.end - this.#place.start
  }
}

/** Where a value starts and ends, and its content between. */
type ElementPlace = { start: number; from: number; to: number; end: number }

/** Takes a fault of an encoding that leaves it readable. */
export type DerReport = (code: DerFindingCode, message: string) => void

/** Identifier octets of the universal types that a CSR or a key has. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

const maxDepth = 16
// More than the largest CSR that a spec can ask for has.
const mostValues = 12_000
// Several times those of the largest RSA key: the cost of a number grows with its square.
const mostIntegerOctets = 4096

/** Ends the reading at the first fault: the default. */
export const refuse: DerReport = (_code, message) => {
  throw malformed(message)
}

/**
 * Reads bytes that are exactly one DER value, to the last of its primitives (X.690 sections 8.1
 * and 10.1): definite lengths in the shortest form, nothing left over anywhere, at most 16 levels.
 *
 * @param report takes what is BER but not DER, so that the reading goes on; by default it is
 * thrown
 * @throws CsrError malformed_der
 */
export function readDer(der: Buffer, report: DerReport = refuse): DerElement {
  const element = readElement({ der, report, left: mostValues }, 0, der.length, 1)
  const left = der.length - element.length
  if (left > 0)
    report('der_trailing_bytes', `The DER has ${left} octets after its end; none may follow.`)
  return element
}

const tagNames: Readonly<Record<number, string>> = {
  [tags.boolean]: 'a BOOLEAN',
  [tags.integer]: 'an INTEGER',
  [tags.bitString]: 'a BIT STRING',
  [tags.octetString]: 'an OCTET STRING',
  [tags.null]: 'a NULL',
  [tags.oid]: 'an OBJECT IDENTIFIER',
  [tags.utf8String]: 'a UTF8String',
  [tags.numericString]: 'a NumericString',
  [tags.printableString]: 'a PrintableString',
  [tags.teletexString]: 'a TeletexString',
  [tags.ia5String]: 'an IA5String',
  [tags.visibleString]: 'a VisibleString',
  [tags.universalString]: 'a UniversalString',
  [tags.bmpString]: 'a BMPString',
  [tags.sequence]: 'a SEQUENCE',
  [tags.set]: 'a SET',
}

/** What an identifier octet stands for, in words: `a SEQUENCE`, `a [0]`. */
export function tagName(tag: number): string {
  const known = tagNames[tag]
  if (known !== undefined) return known
  const primitive = tagNames[tag & ~0x20]
  if (primitive !== undefined) return `${primitive} in several parts, which DER does not have`
  const number = tag & 0x1f
  return tag >= 0x80 && tag < 0xc0 ? `a [${number}]` : `a value of the type ${tag.toString(16)}`
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
  if (element?.tag === tag) return
  const found = element === undefined ? 'missing' : tagName(element.tag)
  const message = `What should be ${what} is ${found}; ${tagName(tag)} is needed.`
  throw new CsrError('malformed_csr', message)
}

/** The dotted form of an OBJECT IDENTIFIER. */
export function readOid(element: DerElement | undefined): string {
  expectTag(element, tags.oid, 'an object identifier')
  return oidFromOctets(element.content)
}

/** The octets of a BIT STRING of whole octets. */
export function readBitString(element: DerElement | undefined, report: DerReport = refuse): Buffer {
  expectTag(element, tags.bitString, 'a bit string')
  return octetsOfBits(element.content, report)
}

/** The same of its content alone, where another tag stands for its own. */
export function octetsOfBits(content: Buffer, report: DerReport = refuse): Buffer {
  const [unused] = content
  if (unused === undefined) {
    throw malformed('A BIT STRING has no content; at least one octet is needed.')
  }
  if (unused !== 0) {
    const message = `A BIT STRING of whole octets says that ${unused} of its bits are unused; 0 is needed.`
    report('der_bit_string', message)
  }
  return content.subarray(1)
}

/** Whether a BOOLEAN is TRUE. */
export function readBoolean(element: DerElement, report: DerReport = refuse): boolean {
  expectTag(element, tags.boolean, 'a truth value')
  const [octet, ...more] = element.content
  if (octet === undefined || more.length > 0) throw malformed('A truth value is not one octet.')
  if (octet !== 0 && octet !== 0xff) report('der_boolean', 'A TRUE is not written as FF.')
  return octet !== 0
}

/** The value of an INTEGER. */
export function readInteger(element: DerElement | undefined, report: DerReport = refuse): bigint {
  expectTag(element, tags.integer, 'a whole number')
  const { content } = element
  const [first, second = 0] = content
  if (first === undefined) throw malformed('A whole number has no octets.')
  if (content.length > mostIntegerOctets) {
    throw malformed(`A whole number has ${content.length} octets, more than any here can have.`)
  }
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)
  if (content.length > 1 && padded) {
    report('der_integer_not_minimal', 'A whole number has an octet more than it needs.')
  }
  const value = BigInt(`0x${content.toString('hex')}`)
  return first < 0x80 ? value : value - (1n << BigInt(content.length * 8))
}

/** Reports (`der_set_order`) if the members of a SET OF are not in order (X.690 section 11.6). */
export function expectSorted(set: DerElement, report: DerReport = refuse): void {
  const unsorted = set.children.some((member, i) => {
    const next = set.children[i + 1]
    return next !== undefined && Buffer.compare(member.encoded, next.encoded) > 0
  })
  if (unsorted) {
    report('der_set_order', 'A set is not sorted; its members go by the octets of their encodings.')
  }
}

type Source = { der: Buffer; report: DerReport; left: number }

function readElement(source: Source, start: number, limit: number, depth: number): DerElement {
  const { der } = source
  if (--source.left < 0) throw malformed(`The DER has more than ${mostValues} values.`)
  if (depth > maxDepth) throw malformed(`The DER is nested deeper than ${maxDepth} levels.`)
  const tag = start < limit ? der[start] : undefined
  if (tag === undefined) throw endsTooEarly()
  const constructed = (tag & 0x20) !== 0
  const lengthAt = (tag & 0x1f) === 0x1f ? endOfLongTag(der, start + 1, limit) : start + 1
  if (lengthAt < limit && der[lengthAt] === 0x80 && constructed) {
    return readIndefinite(source, { start, from: lengthAt + 1, limit, depth })
  }
  const { from, length } = readLength(source, lengthAt, limit)
  const end = from + length
  if (end > limit) throw endsTooEarly()
  const children = constructed ? readElements(source, from, end, depth + 1) : []
  return new DerElement(der, { start, from, to: end, end }, children)
}

function readElements(source: Source, from: number, end: number, depth: number): DerElement[] {
  const elements: DerElement[] = []
  for (let at = from; at < end; ) {
    const element = readElement(source, at, end, depth)
    elements.push(element)
    at += element.length
  }
  return elements
}

/** BER only: the content goes on to two zero octets (X.690 section 8.1.3.6). */
function readIndefinite(
  source: Source,
  { start, from, limit, depth }: { start: number; from: number; limit: number; depth: number },
): DerElement {
  const { der, report } = source
  report(
    'der_indefinite_length',
    `The length at offset ${from - 1} is indefinite; a definite one is needed.`,
  )
  const children: DerElement[] = []
  let at = from
  while (!(at + 1 < limit && der[at] === 0 && der[at + 1] === 0)) {
    const child = readElement(source, at, limit, depth + 1)
    children.push(child)
    at += child.length
  }
  return new DerElement(der, { start, from, to: at, end: at + 2 }, children)
}

/** Where a tag number in several octets ends (X.690 section 8.1.2.4). */
function endOfLongTag(der: Buffer, from: number, limit: number): number {
  let at = from
  while (at < limit && ((der[at] ?? 0) & 0x80) !== 0) at++
  const short = at === from && (der[at] ?? 0) < 0x1f
  if (der[from] === 0x80 || short || at - from > 4) {
    throw malformed('The DER has a tag number that is not in the shortest form, or too large.')
  }
  return at + 1
}

function readLength({ der, report }: Source, at: number, limit: number) {
  const first = at < limit ? der[at] : undefined
  if (first === undefined) throw endsTooEarly()
  if (first < 0x80) return { from: at + 1, length: first }
  const count = first & 0x7f
  if (count === 0) throw malformed('The DER has an indefinite length on a primitive value.')
  if (at + count >= limit) throw endsTooEarly()
  const leading = zerosAt(der, at + 1, count)
  if (count - leading > 4) throw endsTooEarly()
  const length = count === leading ? 0 : der.readUIntBE(at + 1 + leading, count - leading)
  if (length < 0x80 || leading > 0) {
    report(
      'der_length_not_minimal',
      `The length at offset ${at} is not written in the shortest form.`,
    )
  }
  return { from: at + 1 + count, length }
}

function zerosAt(der: Buffer, from: number, count: number): number {
  let zeros = 0
  while (zeros < count && der[from + zeros] === 0) zeros++
  return zeros
}

function malformed(message: string): CsrError {
  return new CsrError('malformed_der', message)
}

function endsTooEarly(): CsrError {
  return malformed('The DER ends too early: octets are missing, or a length is wrong.')
}
