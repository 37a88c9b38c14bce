/**
 * The chain over a tenant's audit, and the text of a seal. Nothing here reads or writes.
 *
 *     record   id of the entry (milliseconds 8 bytes, number 8 bytes) · SHA-256 of its fields, each after its length    48 bytes
 *     hash 0   SHA-256 of the words below and the tenant's name
 *     hash n   SHA-256 of hash n-1 · record n
 *
 * Rules: a record lies with the seal that covers it, and chains by itself, so that what became of an entry can be told when the
 * entry is gone. A seal says the point before it, too: its records can be checked when other seals are gone.
 */
import { hash } from 'node:crypto'

/** An entry as it lies in the stream, octet by octet. */
export type ChainedEntry = { readonly id: string; readonly fields: readonly Buffer[] }

/** How far a chain goes: its last entry ('0-0' before the first), how many there are up to it, and their hash in hex. */
export type ChainPoint = { readonly last: string; readonly count: number; readonly hash: string }

export type Seal = ChainPoint & {
  readonly version: 1
  readonly tenant: string
  /** Where the seal before this one ended: the records of this one chain from here on. */
  readonly before: ChainPoint
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number
  /** Up to where the audit was let go after AUDIT_RETENTION_DAYS; null where it is whole. */
  readonly trimmed: ChainPoint | null
  /** The audit key, and the HMAC-SHA-256 of {@link sealedText} under it in base64url. */
  readonly kid: string
  readonly mac: string
}

export const recordLength = 48
const idLength = 16
const beginning = 'csr-foundry audit chain 1 '
const largestPart = 2n ** 64n - 1n

/** The point before the first entry of a tenant. */
export const chainStart = (tenant: string): ChainPoint => ({
  last: '0-0',
  count: 0,
  hash: hash('sha256', `${beginning}${tenant}`),
})

export function recordOf({ id, fields }: ChainedEntry): Buffer {
  return Buffer.concat([idOctets(id), sha256(withLengths(fields))])
}

/** No other fields give the same octets. */
function withLengths(fields: readonly Buffer[]): Buffer {
  const octets = Buffer.alloc(fields.reduce((length, field) => length + 4 + field.length, 0))
  let at = 0
  for (const field of fields) {
    at = octets.writeUInt32BE(field.length, at)
    at += field.copy(octets, at)
  }
  return octets
}

const sha256 = (octets: Buffer) => hash('sha256', octets, 'buffer')

/** The id of an entry so that ids are in order when their octets are. */
export function idOctets(id: string): Buffer {
  const [ms = '', number = ''] = id.split('-')
  const octets = Buffer.alloc(idLength)
  octets.writeBigUInt64BE(BigInt(ms), 0)
  octets.writeBigUInt64BE(BigInt(number), 8)
  return octets
}

export const idOf = (record: Buffer): string =>
  `${record.readBigUInt64BE(0)}-${record.readBigUInt64BE(8)}`

export const contentOf = (record: Buffer): string => record.toString('hex', idLength)

/** Below 0 where the entry of `record` lies before that of `other`, or that id. */
export const recordOrder = (record: Buffer, other: Buffer): number =>
  record.compare(other, 0, idLength, 0, idLength)

export const idOrder = (id: string, other: string): number =>
  recordOrder(idOctets(id), idOctets(other))

/** Where the chain is after these records. */
export function extendChain(from: ChainPoint, records: readonly Buffer[]): ChainPoint {
  const last = records.at(-1)
  if (last === undefined) return from
  let chained = Buffer.from(from.hash, 'hex')
  for (const record of records) chained = sha256(Buffer.concat([chained, record]))
  return { last: idOf(last), count: from.count + records.length, hash: chained.toString('hex') }
}

export const isSamePoint = (one: ChainPoint, other: ChainPoint): boolean =>
  one.last === other.last && one.count === other.count && one.hash === other.hash

/** The records that lie with a seal, one by one; undefined where they are not as many as it says. */
export function splitRecords({ before, count }: Seal, records: Buffer): Buffer[] | undefined {
  const length = count - before.count
  if (records.length !== length * recordLength) return undefined
  return Array.from({ length }, (_, i) =>
    records.subarray(i * recordLength, (i + 1) * recordLength),
  )
}

/** What the MAC of a seal is made over: all of it but the MAC itself and the name of its key. */
export function sealedText(seal: Omit<Seal, 'kid' | 'mac'>): string {
  const { version, tenant, before, at, trimmed } = seal
  const points = [before, seal, trimmed].map((one) => one && [one.last, one.count, one.hash])
  return JSON.stringify(['csr-foundry audit seal', version, tenant, points, at])
}

/** A seal as it is stored, and as its reader holds it. */
export function sealText(seal: Seal): string {
  const { version, tenant, last, count, hash, before, at, trimmed, kid, mac } = seal
  return JSON.stringify({ version, tenant, last, count, hash, before, at, trimmed, kid, mac })
}

/** Takes anybody's text: what {@link sealText} wrote, or a line of the log that has the same fields among others. */
export function parseSealText(text: string): Seal | undefined {
  const found = objectIn(text)
  if (found?.version !== 1) return undefined
  const { tenant, at, kid, mac } = found
  if (typeof tenant !== 'string' || typeof kid !== 'string' || typeof mac !== 'string') return
  const point = parsePoint(found)
  const before = parsePoint(found.before)
  const trimmed = found.trimmed === null ? null : parsePoint(found.trimmed)
  if (!isCount(at) || !point || !before || trimmed === undefined) return undefined
  return { version: 1, tenant, ...point, before, at, trimmed, kid, mac }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(text)
    return isObject(found) ? found : undefined
  } catch {
    return undefined
  }
}

function parsePoint(found: unknown): ChainPoint | undefined {
  if (!isObject(found)) return undefined
  const { last, count, hash } = found
  if (!isEntryId(last) || !isCount(count)) return undefined
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return undefined
  return { last, count, hash }
}

const isObject = (found: unknown): found is Readonly<Record<string, unknown>> =>
  typeof found === 'object' && found !== null

const isCount = (found: unknown): found is number =>
  Number.isSafeInteger(found) && Number(found) >= 0

const isEntryId = (found: unknown): found is string =>
  typeof found === 'string' &&
  /^\d{1,20}-\d{1,20}$/.test(found) &&
  found.split('-').every((part) => BigInt(part) <= largestPart)
