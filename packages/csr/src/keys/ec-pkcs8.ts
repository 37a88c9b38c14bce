import { CsrError } from '../errors.ts'
import type { KeyEncoding } from './key-algorithms.ts'

/**
 * Takes the SPKI of a curve's keys from their PKCS #8, which ends with the public key: `[1] BIT STRING` of the point (RFC 5915
 * section 3), as OpenSSL writes it. So the public key costs nothing more than the private one, and cannot be another's.
 *
 * @param spki how the curve's SPKIs begin, and their length
 * @param bits of the curve's field
 * @throws CsrError key_generation_failed, with the PKCS #8 wiped, where it has no such public key
 */
export function spkiInPkcs8(spki: KeyEncoding['spki'], bits: number): (pkcs8: Buffer) => Buffer {
  const pointOctets = 1 + 2 * Math.ceil(bits / 8)
  const beforePoint = spki.prefix.subarray(0, -1)
  // BIT STRING, its length, no unused bits: the same octets stand before the point in SPKI and PKCS #8.
  const bitStringHead = beforePoint.subarray(beforePoint.lastIndexOf(0x03))
  return (pkcs8) => {
    const at = pkcs8.length - pointOctets
    const head = pkcs8.subarray(at - bitStringHead.length, at)
    if (!head.equals(bitStringHead) || pkcs8[at] !== 0x04) {
      // Nobody gets it, so nobody else could wipe it.
      pkcs8.fill(0)
      throw new CsrError('key_generation_failed', 'An EC key was written without its public key.')
    }
    return Buffer.concat([beforePoint, pkcs8.subarray(at)])
  }
}
