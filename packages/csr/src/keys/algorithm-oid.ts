import { type DerElement, readOid } from '../der/der-reader.ts'
import { CsrError } from '../errors.ts'

const longest = 64

/**
 * The dotted object identifier of an algorithm, curve or digest. One of more than 64 octets is
 * refused unread: the time to decode an arc grows with the square of its length.
 *
 * @throws CsrError malformed_der, malformed_csr
 */
export function readAlgorithmOid(element: DerElement | undefined): string {
  if (element !== undefined && element.content.length > longest) {
    throw new CsrError('malformed_der', `An object identifier has more than ${longest} octets.`)
  }
  return readOid(element)
}
