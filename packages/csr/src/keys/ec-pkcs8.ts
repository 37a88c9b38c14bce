import type { KeyObject } from 'node:crypto'
import { bitString, integer, octetString, oid, sequence, tagged } from '../der/der-writer.ts'

/** PKCS #8 of the keys of a curve: what stands before the private number, and between it and the point. */
export type EcPkcs8Form = { head: Buffer; middle: Buffer; octets: number }

/** As OpenSSL writes it: RFC 5958 and RFC 5915, with the public key and without the curve a second time. */
export function ecPkcs8Form(algorithm: string, curve: string, bits: number): EcPkcs8Form {
  const octets = Math.ceil(bits / 8)
  const number = Buffer.alloc(octets, 0xaa)
  const point = Buffer.alloc(1 + 2 * octets, 0xbb)
  const key = sequence([integer(1), octetString(number), tagged(1, [bitString(point)])])
  const pkcs8 = sequence([integer(0), sequence([oid(algorithm), oid(curve)]), octetString(key)])
  const at = pkcs8.indexOf(number)
  const end = at + octets
  return { head: pkcs8.subarray(0, at), middle: pkcs8.subarray(end, -point.length), octets }
}

/**
 * PKCS #8 of an EC key. node:crypto writes the number alone several times as fast as the whole; no copy of it stays behind.
 *
 * @param spki the key's own, which ends with its point
 */
export function exportEc(
  privateKey: KeyObject,
  spki: Buffer,
  { head, middle, octets }: EcPkcs8Form,
): Buffer {
  const number = privateKey.export({ format: 'raw-private' })
  try {
    const point = spki.subarray(-(1 + 2 * octets))
    const pkcs8 = Buffer.alloc(head.length + octets + middle.length + point.length)
    let at = head.copy(pkcs8)
    number.copy(pkcs8, at + octets - number.length)
    at += octets
    at += middle.copy(pkcs8, at)
    point.copy(pkcs8, at)
    return pkcs8
  } finally {
    number.fill(0)
  }
}
