import { CsrError } from '../errors.ts'
import { type Parsed, parseAsIs } from '../parsed.ts'

const maxLength = 256
// An octet of an arc needs at least two characters: a digit and a dot.
const maxOctets = maxLength / 2
const dotted = /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/

/**
 * Whether a text is an object identifier in dotted form: at least two arcs, no leading zeros, the
 * first 0 to 2, the second at most 39 below 0 and 1 (X.660). Arcs may be as large as a UUID's.
 *
 * @example
 * ```ts
 * checkOid('2.25.340282366920938463463374607431768211455') // => undefined
 * checkOid('3.1') // => 'starts with an arc above 2; 0, 1 or 2 is allowed'
 * ```
 */
export function checkOid(text: string): string | undefined {
  if (text.length > maxLength) {
    return `has ${text.length} characters; an object identifier of at most ${maxLength} is allowed`
  }
  if (!dotted.test(text)) {
    return 'is not an object identifier; numbers separated by dots are needed, such as 1.3.6.1.4.1.311.20.2.3'
  }
  const [first = '', second = ''] = text.split('.')
  if (Number(first) > 2) return 'starts with an arc above 2; 0, 1 or 2 is allowed'
  if (first !== '2' && Number(second) > 39) {
    return `has ${second} as its second arc; at most 39 is allowed after ${first}`
  }
  return undefined
}

/**
 * Takes a dotted object identifier as it is, or says why it is none.
 *
 * @example
 * ```ts
 * parseOid('1.3.6.1.4.1.311.20.2.3') // => { ok: true, value: '1.3.6.1.4.1.311.20.2.3' }
 * ```
 */
export function parseOid(text: string): Parsed<string> {
  return parseAsIs(text, checkOid)
}

/**
 * The content octets of a dotted object identifier (X.690 section 8.19). Ours rather than
 * forge's, which holds an arc to 32 bits and would take "1.2x" for "1.2".
 */
export function oidToOctets(text: string): Buffer {
  const fault = checkOid(text)
  if (fault !== undefined) throw new CsrError('unencodable', `An object identifier ${fault}.`)
  const [first = 0n, second = 0n, ...rest] = text.split('.').map(BigInt)
  return Buffer.from([first * 40n + second, ...rest].flatMap(base128))
}

/**
 * The dotted form of content octets. Throws `CsrError` (malformed_der) if they are not minimal, or
 * more than a dotted form of the length allowed stands for: large arcs take time by their square.
 */
export function oidFromOctets(octets: Buffer): string {
  if (octets.length > maxOctets) throw tooLong()
  const [combined, ...rest] = arcsOf(octets)
  if (combined === undefined) throw notAnOid()
  const first = combined < 40 ? 0 : combined < 80 ? 1 : 2
  const second =
    typeof combined === 'bigint' ? combined - BigInt(first * 40) : combined - first * 40
  const text = [first, second, ...rest].join('.')
  if (text.length > maxLength) throw tooLong()
  return text
}

/** BigInt is for arcs as large as a UUID's: it costs several times what numbers do. */
function arcsOf(octets: Buffer): (number | bigint)[] {
  const arcs: number[] = []
  let arc = 0
  for (const octet of octets) {
    if (arc === 0 && octet === 0x80) return largeArcsOf(octets)
    arc = arc * 128 + (octet & 0x7f)
    if (arc > 2 ** 45) return largeArcsOf(octets)
    if (octet >= 0x80) continue
    arcs.push(arc)
    arc = 0
  }
  return (octets.at(-1) ?? 0x80) < 0x80 ? arcs : largeArcsOf(octets)
}

function largeArcsOf(octets: Buffer): bigint[] {
  const arcs: bigint[] = []
  let arc = 0n
  let starts = true
  for (const octet of octets) {
    if (starts && octet === 0x80) throw notAnOid()
    arc = arc * 128n + BigInt(octet & 0x7f)
    starts = octet < 0x80
    if (starts) {
      arcs.push(arc)
      arc = 0n
    }
  }
  if (!starts) throw notAnOid()
  return arcs
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)]
  for (let left = arc >> 7n; left > 0n; left >>= 7n) octets.unshift(Number(left & 0x7fn) | 0x80)
  return octets
}

function tooLong(): CsrError {
  return new CsrError(
    'malformed_der',
    `An object identifier has more than ${maxLength} characters; that many are allowed.`,
  )
}

function notAnOid(): CsrError {
  return new CsrError('malformed_der', 'An object identifier is not encoded in the shortest form.')
}
