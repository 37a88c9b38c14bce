import { type DerElement, readInteger, readOid, tags } from '../der/der-reader.ts'
import { digestsByOid, type SignatureDigest } from './signature-algorithms.ts'

/** What RSASSA-PSS parameters say. */
export type PssParameters = {
  digest: SignatureDigest
  /** Octets. */
  saltLength: number
  /** Whether the salt is as long as the digest. */
  usualSalt: boolean
}

const mgf1 = '1.2.840.113549.1.1.8'
const sha1 = '1.3.14.3.2.26'
const longestSalt = 1024

/**
 * RSASSA-PSS-params (RFC 4055 section 3.1), each field with its default; undefined unless they are
 * well-formed, with one known digest for message and mask.
 */
export function readPssParameters(parameters: DerElement | undefined): PssParameters | undefined {
  if (parameters?.tag !== tags.sequence) return undefined
  try {
    const fields = new Map(parameters.children.map(({ tag, children }) => [tag, children]))
    const known = [...fields.keys()].every((tag) => tag >= 0xa0 && tag <= 0xa3)
    if (!known || fields.size !== parameters.children.length) return undefined
    return readFields(fields)
  } catch {
    return undefined
  }
}

function readFields(fields: Map<number, DerElement[]>): PssParameters | undefined {
  const hash = identifierOf(fields.get(0xa0)) ?? sha1
  const mask = fields.has(0xa1) ? maskDigest(fields.get(0xa1)?.[0]) : sha1
  const known = digestsByOid.get(hash)
  const salt = numberOf(fields.get(0xa2), 20n)
  const trailer = numberOf(fields.get(0xa3), 1n)
  if (known === undefined || mask !== hash || trailer !== 1n) return undefined
  if (salt < 0n || salt > longestSalt) return undefined
  const saltLength = Number(salt)
  return { digest: known.digest, saltLength, usualSalt: saltLength === known.octets }
}

function identifierOf(field: DerElement[] | undefined): string | undefined {
  return field === undefined ? undefined : readOid(field[0]?.children[0])
}

function maskDigest(identifier: DerElement | undefined): string | undefined {
  const [algorithm, digest] = identifier?.children ?? []
  if (digest === undefined || readOid(algorithm) !== mgf1) return undefined
  return readOid(digest.children[0])
}

function numberOf(field: DerElement[] | undefined, otherwise: bigint): bigint {
  return field === undefined ? otherwise : readInteger(field[0])
}
