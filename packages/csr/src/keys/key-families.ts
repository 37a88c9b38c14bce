import { generateKeyPair, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { readDer, tags } from '../der/der-reader.ts'
import { nullValue, oid, sequence } from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import type { DigestName, GeneratedKey, KeyAlgorithm } from './key-algorithm.ts'

type Family = Omit<KeyAlgorithm, 'name' | 'typicalMs' | 'spki'>

/** RSA, RFC 8017, signatures with PKCS #1 v1.5: parameters an explicit NULL (RFC 4055 section 5). */
export function rsa(modulusLength: number): Family {
  return {
    lane: 'slow',
    verified: 'each',
    defaultDigest: 'sha256',
    ...signing(
      new Map([
        ['sha256', sequence([oid('1.2.840.113549.1.1.11'), nullValue])],
        ['sha384', sequence([oid('1.2.840.113549.1.1.12'), nullValue])],
        ['sha512', sequence([oid('1.2.840.113549.1.1.13'), nullValue])],
      ]),
    ),
    signatureLength: { min: modulusLength / 8, max: modulusLength / 8 },
    generate: () => generateRsa(modulusLength),
    exportPrivateKey: exportPkcs8,
  }
}

/**
 * ECDSA with the one digest of the curve's strength, as CAs require (CA/B BR 7.1.3.2.2);
 * parameters absent (RFC 5758 section 3.2).
 *
 * @param octets of the curve's order
 */
export function ecdsa(namedCurve: string, digest: DigestName, algorithm: string, octets: number) {
  return {
    lane: 'fast',
    verified: 'some',
    defaultDigest: digest,
    ...signing(new Map([[digest, sequence([oid(algorithm)])]])),
    signatureLength: { min: 8, max: longestEcdsaSignature(octets) },
    generate: () => withSpki(generateKeyPairSync('ec', { namedCurve, paramEncoding: 'named' })),
    exportPrivateKey: exportPkcs8,
  } satisfies Family
}

/** Ed25519, RFC 8410: one identifier for key and signature, parameters absent. */
export function ed25519(): Family {
  return {
    lane: 'fast',
    verified: 'some',
    defaultDigest: undefined,
    ...signing(new Map([[undefined, sequence([oid('1.3.101.112')])]])),
    signatureLength: { min: 64, max: 64 },
    generate: () => withSpki(generateKeyPairSync('ed25519')),
    exportPrivateKey: exportPkcs8,
  }
}

/** ML-DSA, FIPS 204 and RFC 9881: pure, empty context; one identifier for key and signature. */
export function mlDsa(
  type: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87',
  algorithm: string,
  signatureOctets: number,
): Family {
  const identifier = sequence([oid(algorithm)])
  return {
    lane: 'fast',
    verified: 'each',
    defaultDigest: undefined,
    ...signing(new Map([[undefined, identifier]])),
    signatureLength: { min: signatureOctets, max: signatureOctets },
    generate: () => withSpki(generateKeyPairSync(type)),
    exportPrivateKey: (privateKey) => exportSeed(privateKey, identifier),
  }
}

// Without a digest node:crypto would choose one of its own for RSA and EC: it never gets there.
function signing(signatureAlgorithms: KeyAlgorithm['signatureAlgorithms']) {
  return {
    signatureAlgorithms,
    sign: (privateKey, digest, data) => {
      if (!signatureAlgorithms.has(digest)) {
        throw new CsrError('unencodable', `The key does not sign with ${digest ?? 'no digest'}.`)
      }
      return sign(digest, data, privateKey)
    },
    verify: (publicKey, digest, data, signature) =>
      signatureAlgorithms.has(digest) && verify(digest, data, publicKey, signature),
  } satisfies Partial<KeyAlgorithm>
}

// The callback form, on the thread pool: RSA generation must never hold an event loop.
function generateRsa(modulusLength: number): Promise<GeneratedKey> {
  return new Promise((resolve, reject) => {
    generateKeyPair(
      'rsa',
      { modulusLength, publicExponent: 65537 },
      (cause, publicKey, privateKey) => {
        if (cause === null) resolve(withSpki({ publicKey, privateKey }))
        else reject(new CsrError('key_generation_failed', 'No RSA key could be made.', { cause }))
      },
    )
  })
}

function withSpki(pair: { publicKey: KeyObject; privateKey: KeyObject }): GeneratedKey {
  return { ...pair, spki: pair.publicKey.export({ type: 'spki', format: 'der' }) }
}

function exportPkcs8(privateKey: KeyObject): Buffer {
  return privateKey.export({ type: 'pkcs8', format: 'der' })
}

// node:crypto writes the form of seed and expanded key. Its JWK has the seed alone, but as a
// string, which nobody can wipe.
function exportSeed(privateKey: KeyObject, identifier: Buffer): Buffer {
  const both = exportPkcs8(privateKey)
  try {
    const seed = seedOf(both)
    const head = Buffer.concat([Buffer.of(0x30, 0x34, 0x02, 0x01, 0x00), identifier])
    return Buffer.concat([head, Buffer.of(0x04, 0x22, 0x80, 0x20), seed])
  } finally {
    both.fill(0)
  }
}

function seedOf(pkcs8: Buffer): Buffer {
  const octets = readDer(pkcs8).children[2]?.content ?? Buffer.alloc(0)
  const [seed] = octets[0] === tags.sequence ? readDer(octets).children : [readDer(octets)]
  if (seed?.content.length === 32) return seed.content
  throw new CsrError('unsupported', 'The ML-DSA private key is without its seed.')
}

function longestEcdsaSignature(octets: number): number {
  // P-521's order has one bit in its first octet: an integer of it never needs a zero in front.
  const integer = 2 + octets + (octets === 66 ? 0 : 1)
  return 2 * integer + (2 * integer < 0x80 ? 2 : 3)
}
