import { bitString, integer, nullValue, oid, sequence } from '../der/der-writer.ts'
import type { KeyEncoding } from './key-algorithms.ts'

type SpkiForm = KeyEncoding['spki']

/** The exponent of all RSA keys that are made or kept (CA/B Baseline Requirements 6.1.6). */
export const publicExponent = 65537

/** RFC 3279 section 2.3.1: the modulus is what varies. */
export function rsaSpkiForm(algorithm: string, modulusBits: number): SpkiForm {
  const octets = modulusBits / 8
  // A zero octet stands before the first bit, which is set.
  const modulus = Buffer.concat([Buffer.of(0x02, 0x82, 0, 0, 0), Buffer.alloc(octets)])
  modulus.writeUInt16BE(octets + 1, 2)
  const exponent = integer(publicExponent)
  const key = bitString(sequence([modulus, exponent]))
  return formOf(sequence([sequence([oid(algorithm), nullValue]), key]), octets, exponent.length)
}

/** RFC 5480 section 2: both coordinates vary, behind 04. */
export function ecSpkiForm(algorithm: string, curve: string, bits: number): SpkiForm {
  const octets = 2 * Math.ceil(bits / 8)
  const point = bitString(Buffer.concat([Buffer.of(0x04), Buffer.alloc(octets)]))
  return formOf(sequence([sequence([oid(algorithm), oid(curve)]), point]), octets, 0)
}

/** RFC 8410 section 4, RFC 9881 section 4: the whole key varies. */
export function pureSpkiForm(algorithm: string, octets: number): SpkiForm {
  const key = bitString(Buffer.alloc(octets))
  return formOf(sequence([sequence([oid(algorithm)]), key]), octets, 0)
}

function formOf(spki: Buffer, varying: number, suffixLength: number): SpkiForm {
  const end = spki.length - suffixLength
  return {
    prefix: spki.subarray(0, end - varying),
    suffix: spki.subarray(end),
    length: spki.length,
  }
}
