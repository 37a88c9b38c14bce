import { readDer, readOid } from '../der/der-reader.ts'
import {
  type DigestName,
  isPure,
  type KeyAlgorithm,
  keyAlgorithms,
} from '../keys/key-algorithms.ts'
import { keyOids } from '../keys/key-oids.ts'

/** Digests that signatures are met with; more than those that are made here. */
export type SignatureDigest =
  | DigestName
  | 'md2'
  | 'md4'
  | 'md5'
  | 'sha1'
  | 'sha224'
  | 'sha512-224'
  | 'sha512-256'
  | 'sha3-224'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512'

/** How the value of a signature is made. */
export type SignatureScheme = 'pkcs1' | 'pss' | 'ecdsa' | 'dsa' | 'pure'

/** A signature algorithm; `digest` is undefined where the parameters say it or there is none. */
export type SignatureAlgorithm = {
  name: string
  scheme: SignatureScheme
  digest: SignatureDigest | undefined
  /** The object identifiers of the keys that it goes with. */
  keys: readonly string[]
}

/** Digests that a forger can find collisions for, or could soon (RFC 9155). */
export const weakDigests: ReadonlySet<SignatureDigest> = new Set(['md2', 'md4', 'md5', 'sha1'])

/** Digests of 224 bits. */
export const shortDigests: ReadonlySet<SignatureDigest> = new Set([
  'sha224',
  'sha512-224',
  'sha3-224',
])

/** Digests by their object identifiers, as the parameters of RSASSA-PSS have them; octets of each. */
export const digestsByOid: ReadonlyMap<string, { digest: SignatureDigest; octets: number }> =
  new Map<string, { digest: SignatureDigest; octets: number }>([
    ['1.3.14.3.2.26', { digest: 'sha1', octets: 20 }],
    ['2.16.840.1.101.3.4.2.4', { digest: 'sha224', octets: 28 }],
    ['2.16.840.1.101.3.4.2.1', { digest: 'sha256', octets: 32 }],
    ['2.16.840.1.101.3.4.2.2', { digest: 'sha384', octets: 48 }],
    ['2.16.840.1.101.3.4.2.3', { digest: 'sha512', octets: 64 }],
  ])

/**
 * Signature algorithms by their object identifiers: RFC 3279, 4055, 5758, 8410, 8692, 9881. Those
 * of the keys that are made here come from the table of these.
 */
export const signatureAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ...Object.values(keyAlgorithms).flatMap(signaturesOf),
  ['1.2.840.113549.1.1.2', pkcs1('md2')],
  ['1.2.840.113549.1.1.3', pkcs1('md4')],
  ['1.2.840.113549.1.1.4', pkcs1('md5')],
  ['1.2.840.113549.1.1.5', pkcs1('sha1')],
  ['1.3.14.3.2.29', pkcs1('sha1')],
  ['1.2.840.113549.1.1.14', pkcs1('sha224')],
  ['1.2.840.113549.1.1.15', pkcs1('sha512-224')],
  ['1.2.840.113549.1.1.16', pkcs1('sha512-256')],
  ['2.16.840.1.101.3.4.3.13', pkcs1('sha3-224')],
  ['2.16.840.1.101.3.4.3.14', pkcs1('sha3-256')],
  ['2.16.840.1.101.3.4.3.15', pkcs1('sha3-384')],
  ['2.16.840.1.101.3.4.3.16', pkcs1('sha3-512')],
  [
    keyOids.rsaPss,
    { name: 'RSASSA-PSS', scheme: 'pss', digest: undefined, keys: [keyOids.rsa, keyOids.rsaPss] },
  ],
  ['1.2.840.10045.4.1', ecdsa('sha1')],
  ['1.2.840.10045.4.3.1', ecdsa('sha224')],
  ['2.16.840.1.101.3.4.3.9', ecdsa('sha3-224')],
  ['2.16.840.1.101.3.4.3.10', ecdsa('sha3-256')],
  ['2.16.840.1.101.3.4.3.11', ecdsa('sha3-384')],
  ['2.16.840.1.101.3.4.3.12', ecdsa('sha3-512')],
  ['1.2.840.10040.4.3', dsa('sha1')],
  ['2.16.840.1.101.3.4.3.1', dsa('sha224')],
  ['2.16.840.1.101.3.4.3.2', dsa('sha256')],
  [keyOids.ed448, pure('Ed448', keyOids.ed448)],
])

function signaturesOf(key: KeyAlgorithm): [string, SignatureAlgorithm][] {
  return [...key.signatureAlgorithms].map(([digest, identifier]) => [
    readOid(readDer(identifier).children[0]),
    signatureOf(key, digest),
  ])
}

function signatureOf(key: KeyAlgorithm, digest: DigestName | undefined): SignatureAlgorithm {
  if (isPure(key)) return pure(key.title, key.oid)
  // RSA and ECDSA never sign without one.
  if (digest === undefined) throw new TypeError(`${key.name} has no digest`)
  return key.kind === 'rsa' ? pkcs1(digest) : ecdsa(digest)
}

function pkcs1(digest: SignatureDigest): SignatureAlgorithm {
  return { name: `RSA with ${digest}`, scheme: 'pkcs1', digest, keys: [keyOids.rsa] }
}

function ecdsa(digest: SignatureDigest): SignatureAlgorithm {
  return { name: `ECDSA with ${digest}`, scheme: 'ecdsa', digest, keys: [keyOids.ec] }
}

function dsa(digest: SignatureDigest): SignatureAlgorithm {
  return { name: `DSA with ${digest}`, scheme: 'dsa', digest, keys: [keyOids.dsa] }
}

function pure(name: string, key: string): SignatureAlgorithm {
  return { name, scheme: 'pure', digest: undefined, keys: [key] }
}
