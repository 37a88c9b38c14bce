import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { at, type Mutate } from './compose-csr.ts'
import { encode, type Part } from './der-tree.ts'
import { bits, hex, int, nothing, oid, seq } from './der-values.ts'
import { breaks, type Mutation, type Options } from './mutation.ts'

const ecdsaWithSha256 = seq(oid('1.2.840.10045.4.3.2'))
/** AlgorithmIdentifier of sha256WithRSAEncryption. */
export const rsaWithSha256 = seq(oid('1.2.840.113549.1.1.11'), nothing)
/** The good CSR with an RSA key. */
export const rsa = { csr: 'rsa' } as const
/** What follows where OpenSSL takes no such key. */
export const uncheckable = ['signature_not_checked'] as const

/** A row about the key. */
export const key = (broken: string, mutate: Mutate, code: Mutation['code'], options?: Options) =>
  breaks(broken, mutate, code, '/key', options)

/** Signs with another key. */
export const withPair =
  (
    make: () => { publicKey: KeyObject; privateKey: KeyObject },
    algorithm: Part,
    digest: string | null = 'sha256',
  ): Mutate =>
  (csr) => {
    const { publicKey, privateKey } = make()
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    return {
      ...at('key', () => spki)(csr),
      algorithm,
      sign: (info) => sign(digest, info, privateKey),
    }
  }

/** Signs with a new RSA key. */
export const withRsa = (modulusLength: number, publicExponent = 65537) =>
  withPair(() => generateKeyPairSync('rsa', { modulusLength, publicExponent }), rsaWithSha256)

/** An EC key; the first that is of the kind that is wanted. */
export const withCurve = (
  namedCurve: string,
  paramEncoding: 'named' | 'explicit' = 'named',
  wanted: (spki: Buffer) => boolean = () => true,
): Mutate =>
  withPair(() => {
    for (;;) {
      const pair = generateKeyPairSync('ec', { namedCurve, paramEncoding })
      if (wanted(pair.publicKey.export({ type: 'spki', format: 'der' }))) return pair
    }
  }, ecdsaWithSha256)

/** Whether the last bit is a zero, which nobody misses. */
export const isEven = (octets: Buffer) => ((octets.at(-1) ?? 0) & 1) === 0

/** Changes the octets of the key itself. */
export const inKey = (change: (octets: Buffer) => Buffer, unused = 0): Mutate =>
  at('key/1', ({ body }) =>
    bits(change(encode({ tag: 0, body, length: hex('') }).subarray(2)), unused),
  )

/** Changes the two numbers of an RSA key. */
export const inNumbers = (change: (modulus: Buffer, exponent: Buffer) => Part): Mutate =>
  inKey((octets) => {
    const modulus = octets.subarray(8, 8 + 257)
    return encode(change(modulus, hex('010001')))
  })

/** A number of so many bits, the lowest of them set. */
export const odd = (bitCount: number) => (1n << BigInt(bitCount - 1)) + 12345n

/** The modulus of two primes. */
export function productOf([one, other]: [bigint, bigint]): bigint {
  return one * other
}

/** An SPKI of P-256 with a point of another curve of 256 bits. */
export function withCurvePoint(namedCurve: string): Part {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return seq(seq(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bits(spki.subarray(-65)))
}

/** An SPKI of DSA; its numbers are made up. */
export function dsaSpki(): Part {
  const numbers = seq(int(odd(2048)), int(odd(256)), int(2))
  return seq(seq(oid('1.2.840.10040.4.1'), numbers), bits(encode(int(odd(2047)))))
}
