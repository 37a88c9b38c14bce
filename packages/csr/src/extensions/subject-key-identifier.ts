import { createHash } from 'node:crypto'
import { z } from 'zod'
import { oids } from '../csr-oids.ts'
import { expectTag, readBitString, readDer, tags } from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import type { ExtensionForm } from './extension-form.ts'

/**
 * The subjectKeyIdentifier extension: `true` asks for the SHA-1 hash of the public key, a text is
 * the identifier itself in lower-case hexadecimal (1 to 64 octets).
 */
export type SubjectKeyIdentifier = true | string

const identifier = z
  .string('must be true or the identifier in hexadecimal')
  .regex(
    /^([\dA-Fa-f]{2}){1,64}$/,
    'is not an identifier; 1 to 64 octets in hexadecimal are needed',
  )
  .transform((text) => text.toLowerCase())

/**
 * The identifier of RFC 5280 section 4.2.1.2, method 1: the SHA-1 hash of the subjectPublicKey's
 * bits, in hexadecimal. SHA-1 only makes a name here.
 *
 * @param spki DER of the SubjectPublicKeyInfo
 */
export function subjectKeyIdentifierOf(spki: Buffer): string {
  const [, publicKey] = readDer(spki).children
  return createHash('sha1').update(readBitString(publicKey)).digest('hex')
}

/** subjectKeyIdentifier (RFC 5280 section 4.2.1.2): never critical. */
export const subjectKeyIdentifierForm: ExtensionForm<SubjectKeyIdentifier> = {
  oid: oids.subjectKeyIdentifier,
  schema: z.union([z.literal(true), identifier], 'must be true or the identifier in hexadecimal'),
  encode: (value, spki) =>
    der.octetString(Buffer.from(value === true ? subjectKeyIdentifierOf(spki) : value, 'hex')),
  critical: () => false,
  read: (element) => {
    expectTag(element, tags.octetString, 'the subject key identifier')
    if (element.content.length === 0) {
      throw new CsrError('malformed_csr', 'The subject key identifier is empty.')
    }
    return element.content.toString('hex')
  },
  same: (asked, found, spki) => found === (asked === true ? subjectKeyIdentifierOf(spki) : asked),
}
