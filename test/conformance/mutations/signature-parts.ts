import { constants, sign } from 'node:crypto'
import { all, at, type Mutate } from './compose-csr.ts'
import { encode, type Part, parse, partsOf } from './der-tree.ts'
import { hex, int, nothing, oid, seq, tagged, utf8 } from './der-values.ts'
import { breaks, type Mutation, type Options } from './mutation.ts'

/** The good CSR with an RSA key. */
export const rsa = { csr: 'rsa' } as const
/** Number of the points of P-256. */
export const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
/** A signature algorithm of PKCS #1. */
export const rsaWith = (number: number) => `1.2.840.113549.1.1.${number}`
/** A signature algorithm of NIST's. */
export const nist = (number: number) => `2.16.840.1.101.3.4.3.${number}`
/** AlgorithmIdentifier of SHA-256. */
export const sha256 = seq(oid('2.16.840.1.101.3.4.2.1'), nothing)
/** AlgorithmIdentifier of SHA-1. */
export const sha1 = seq(oid('1.3.14.3.2.26'), nothing)

/** A row about the signature. */
export const row = (broken: string, mutate: Mutate, code: Mutation['code'], options?: Options) =>
  breaks(broken, mutate, code, '/signature', options)

/** Another AlgorithmIdentifier; the signature stays. */
export const algorithm =
  (dotted: string, ...parameters: Part[]): Mutate =>
  (csr) => ({ ...csr, algorithm: seq(oid(dotted), ...parameters) })

/** Signs with the same key and another digest. */
export const signedWith = (digest: string, dotted: string, ...parameters: Part[]): Mutate =>
  all(algorithm(dotted, ...parameters), (csr) => ({
    ...csr,
    sign: (info) => sign(digest, info, csr.privateKey),
  }))

/** RSASSA-PSS of any parameters, with a salt of any length. */
export const pss = (saltLength: number, parameters: readonly Part[], digest = 'sha256'): Mutate =>
  all(algorithm(rsaWith(10), ...parameters), (csr) => ({
    ...csr,
    sign: (info) =>
      sign(digest, info, {
        key: csr.privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength,
      }),
  }))
/** RSASSA-PSS-params (RFC 4055 section 3.1). */
export const pssParameters = (hash: Part, mask: Part, salt: number) =>
  seq(tagged(0, hash), tagged(1, seq(oid(rsaWith(8)), mask)), tagged(2, int(salt)))

/** Changes the octets of the signature. */
export const value =
  (change: (octets: Buffer) => Buffer): Mutate =>
  (csr) => ({ ...csr, sign: (info) => change(csr.sign(info)) })

/** Changes the two numbers of an ECDSA signature. */
export const numbers = (change: (r: Buffer, s: Buffer) => Part): Mutate =>
  value((octets) => {
    const [r, s] = partsOf(parse(octets)).map((part) => encode(part).subarray(2))
    return encode(change(r ?? hex(''), s ?? hex('')))
  })
/** A number of P-256 in 32 octets. */
export const fixed = (octets: Buffer) => Buffer.concat([Buffer.alloc(32), octets]).subarray(-32)
/** Another last bit. */
export const flipped = value((octets) =>
  Buffer.from(octets.map((octet, i) => (i === octets.length - 1 ? octet ^ 1 : octet))),
)
/** An octet more. */
export const longer = value((octets) => Buffer.concat([octets, hex('00')]))
/** An octet less. */
export const shorter = value((octets) => octets.subarray(0, -1))

/** Another subject than the one that was signed. */
export function afterSigning(csr: Parameters<Mutate>[0]): ReturnType<Mutate> {
  const signature = csr.sign(encode(csr.info))
  const changed = at('subject/7/0/1', utf8('Edge (South)'))(csr)
  return { ...changed, sign: () => signature }
}
