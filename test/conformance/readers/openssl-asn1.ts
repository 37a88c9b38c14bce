import { runCommand } from './run-command.ts'

/** An element as `openssl asn1parse` found it. */
export type Asn1Node = {
  /** As it is printed: `SEQUENCE`, `UTF8STRING`, `cont [ 0 ]`. */
  tag: string
  /** The content octets, between the limits that OpenSSL says. */
  content: Buffer
  /** The whole element. */
  der: Buffer
  /** What it printed for a primitive: the bytes of a string, the name or dots of an OID. */
  printed: Buffer
  children: Asn1Node[]
}

/**
 * Has `openssl asn1parse` read many encodings with few starts of it: it reads one after the other
 * from one file. Undefined for one that it does not read as exactly one element.
 */
export async function asn1parseAll(ders: readonly Buffer[]): Promise<(Asn1Node | undefined)[]> {
  if (ders.length === 0) return []
  const { exitCode, stdout } = await runCommand(
    'openssl',
    ['asn1parse', '-inform', 'DER'],
    all(ders),
  )
  const roots = exitCode === 0 ? readNodes(stdout, all(ders)) : []
  const found = roots.map(({ der }) => der)
  if (sameBuffers(found, ders)) return roots
  if (ders.length === 1) return [undefined]
  // One that it cannot read spoils the rest: the halves tell which.
  const half = ders.length >> 1
  return [...(await asn1parseAll(ders.slice(0, half))), ...(await asn1parseAll(ders.slice(half)))]
}

const all = (ders: readonly Buffer[]) => Buffer.concat(ders)

function sameBuffers(found: readonly Buffer[], wanted: readonly Buffer[]): boolean {
  return (
    found.length === wanted.length &&
    found.every((buffer, index) => wanted[index]?.equals(buffer) === true)
  )
}

const line = / *(\d+):d=(\d+) +hl=(\d+) +l= *(\d+) (prim|cons): (.+?) *(?=\n|:|\[HEX DUMP\]:|<)/y

/** Of these the bytes are printed as they are, line breaks and all. */
const printedRaw = /STRING$|TIME$/

function readNodes(output: Buffer, encoding: Buffer): Asn1Node[] {
  const text = output.toString('latin1')
  const roots: Asn1Node[] = []
  const open: Asn1Node[] = []
  let at = 0
  while (at < text.length) {
    line.lastIndex = at
    const found = line.exec(text)
    if (found === null) return []
    const [whole, ...columns] = found
    const [offset = 0, depth = 0, header = 0, length = 0] = columns.slice(0, 4).map(Number)
    const tag = columns[5] ?? ''
    const end = offset + header + length
    const content = encoding.subarray(offset + header, end)
    const { printed, next } = readPrinted(text, at + whole.length, { tag, length })
    const node = { tag, content, der: encoding.subarray(offset, end), printed, children: [] }
    open.length = depth
    const siblings = open.at(-1)?.children ?? roots
    siblings.push(node)
    open.push(node)
    at = next
  }
  return roots
}

function readPrinted(text: string, from: number, { tag, length }: { tag: string; length: number }) {
  const colon = text.startsWith(':', from)
  if (colon && printedRaw.test(tag)) {
    const end = from + 1 + length
    // Some string types are printed in another form than byte for byte.
    if (text[end] === '\n') return { printed: bytes(text.slice(from + 1, end)), next: end + 1 }
  }
  const lineEnd = text.indexOf('\n', from)
  const end = lineEnd === -1 ? text.length : lineEnd
  const hex = '[HEX DUMP]:'
  const printed = text.startsWith(hex, from)
    ? Buffer.from(text.slice(from + hex.length, end), 'hex')
    : bytes(text.slice(colon ? from + 1 : from, end))
  return { printed, next: end + 1 }
}

const bytes = (text: string) => Buffer.from(text, 'latin1')
