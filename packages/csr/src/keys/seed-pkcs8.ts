import type { KeyObject } from 'node:crypto'
import { readDer, tags } from '../der/der-reader.ts'
import { integer, octetString, oid, sequence } from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'

/** Octets of the seed that an Ed25519 and an ML-DSA key is made of (RFC 8032, FIPS 204). */
export const seedOctets = 32

/** What stands before the seed in PKCS #8: an OCTET STRING's tag, or that of ML-DSA's choice. */
type SeedTag = typeof tags.octetString | typeof mlDsaSeedTag

/** ML-DSA-PrivateKey ::= CHOICE { seed [0] OCTET STRING, … } (RFC 9881 section 6). */
export const mlDsaSeedTag = 0x80

/**
 * PKCS #8 of a key up to its seed, which ends it (RFC 8410 section 7, RFC 9881 section 6). The
 * writer never sees the seed, so that no copy of it is left behind.
 */
export function pkcs8HeadOfSeed(algorithm: string, seedTag: SeedTag): Buffer {
  const key = Buffer.concat([Buffer.of(seedTag, seedOctets), Buffer.alloc(seedOctets)])
  const pkcs8 = sequence([integer(0), sequence([oid(algorithm)]), octetString(key)])
  return pkcs8.subarray(0, -seedOctets)
}

/**
 * PKCS #8 of an ML-DSA key's seed alone. node:crypto writes the form of seed and expanded key; its
 * JWK has the seed alone, but as a string, which nobody can wipe.
 *
 * @throws CsrError unsupported for a key without its seed
 */
export function exportSeed(privateKey: KeyObject, head: Buffer): Buffer {
  const both = privateKey.export({ type: 'pkcs8', format: 'der' })
  try {
    return Buffer.concat([head, seedOf(both)])
  } finally {
    both.fill(0)
  }
}

function seedOf(pkcs8: Buffer): Buffer {
  const octets = readDer(pkcs8).children[2]?.content ?? Buffer.alloc(0)
  const [seed] = octets[0] === tags.sequence ? readDer(octets).children : [readDer(octets)]
  if (seed?.content.length === seedOctets) return seed.content
  throw new CsrError('unsupported', 'The ML-DSA private key is without its seed.')
}
