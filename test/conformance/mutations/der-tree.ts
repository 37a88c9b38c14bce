/**
 * DER as a tree that can be changed at one place and written again, rightly or wrongly. It knows
 * nothing of the package that it tests: what both got wrong in the same way would never show.
 */

/** A value; `length` is how its length is written where that is not DER's way. */
export type Der = { tag: number; body: Buffer | readonly Part[]; length?: LengthForm }

/** A value, or bytes as they are. */
export type Part = Der | Buffer

/** One octet too many, indefinite, or these octets whatever the length is. */
export type LengthForm = 'long' | 'indefinite' | Buffer

/** Changes a value at its place; no part takes it away, several put more beside it. */
export type Edit = (value: Der) => Part | readonly Part[]

const octetString = 0x04

/** The bytes of a value. */
export function encode(part: Part): Buffer {
  if (Buffer.isBuffer(part)) return part
  const content = Buffer.isBuffer(part.body) ? part.body : Buffer.concat(part.body.map(encode))
  const end = part.length === 'indefinite' ? Buffer.of(0, 0) : Buffer.of()
  return Buffer.concat([Buffer.of(part.tag), lengthOf(content.length, part.length), content, end])
}

/**
 * The tree of bytes that are DER. An OCTET STRING that holds DER is opened: its body is what it
 * holds.
 */
export function parse(bytes: Buffer): Der {
  const [value, ...more] = parseAll(bytes)
  if (value === undefined || more.length > 0) throw new Error('These bytes are not one DER value.')
  return value
}

/** The tree of a part, which may have been written already. */
export function treeOf(part: Part): Der {
  return Buffer.isBuffer(part) ? parse(part) : part
}

/** Changes the value that a path of indices leads to. */
export function editAt(value: Der, path: readonly number[], edit: Edit): Part | readonly Part[] {
  const [index, ...rest] = path
  if (index === undefined) return edit(value)
  const child = partsOf(value)[index]
  if (child === undefined) throw new Error(`There is no part ${index}.`)
  const changed = [editAt(treeOf(child), rest, edit)].flat()
  return { ...value, body: partsOf(value).flatMap((part, i) => (i === index ? changed : [part])) }
}

/** The parts of a constructed value. */
export function partsOf({ body }: Der): readonly Part[] {
  if (Buffer.isBuffer(body)) throw new Error('The value is a primitive.')
  return body
}

function parseAll(bytes: Buffer): Der[] {
  const values: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const { tag, from, to } = headerAt(bytes, at)
    values.push({ tag, body: bodyOf(tag, bytes.subarray(from, to)) })
    at = to
  }
  return values
}

function headerAt(bytes: Buffer, at: number) {
  const [tag = 0, first = 0] = bytes.subarray(at)
  const count = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || at + 2 + count > bytes.length) throw new Error('This is not DER.')
  const length = count === 0 ? first : bytes.readUIntBE(at + 2, count)
  const from = at + 2 + count
  if (from + length > bytes.length) throw new Error('This is not DER.')
  return { tag, from, to: from + length }
}

function bodyOf(tag: number, content: Buffer): Buffer | Der[] {
  if ((tag & 0x20) !== 0) return parseAll(content)
  if (tag !== octetString) return content
  try {
    return [parse(content)]
  } catch {
    return content
  }
}

function lengthOf(length: number, form: LengthForm | undefined): Buffer {
  if (Buffer.isBuffer(form)) return form
  if (form === 'indefinite') return Buffer.of(0x80)
  const digits = length.toString(16)
  const octets = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  const padded = form === 'long' && length >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets
  if (length < 0x80 && form !== 'long') return octets
  return Buffer.concat([Buffer.of(0x80 | padded.length), padded])
}
