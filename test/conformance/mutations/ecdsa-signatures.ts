import { hex, int, integerOf, nothing, oid, seq, unsortedSet } from './der-values.ts'
import type { Rows } from './mutation.ts'
import type { Rule } from './rules.ts'
import {
  algorithm,
  fixed,
  longer,
  nist,
  numbers,
  order,
  row,
  signedWith,
  value,
} from './signature-parts.ts'

/** The signatures: RFC 4055, 5758, 8410, 9881, CA/B Baseline Requirements 7.1.3.2. */
export const ecdsaSignatures: Rows<Rule<'ecdsaSignatures'>> = {
  'An ECDSA signature is with the digest of the curve, without parameters': [
    row('its digest is SHA-1', signedWith('sha1', '1.2.840.10045.4.1'), 'signature_digest_weak'),
    row(
      'its digest is SHA-224',
      signedWith('sha224', '1.2.840.10045.4.3.1'),
      'signature_digest_short',
    ),
    row(
      'its digest is SHA-384 with P-256',
      signedWith('sha384', '1.2.840.10045.4.3.3'),
      'signature_digest_curve',
    ),
    row(
      'its digest is SHA-512 with P-256',
      signedWith('sha512', '1.2.840.10045.4.3.4'),
      'signature_digest_curve',
    ),
    row('its digest is SHA3-256', signedWith('sha3-256', nist(10)), 'signature_digest_unusual'),
    row('it has NULL', algorithm('1.2.840.10045.4.3.2', nothing), 'signature_parameters_present'),
    row(
      'it names the curve',
      algorithm('1.2.840.10045.4.3.2', oid('1.2.840.10045.3.1.7')),
      'signature_parameters_present',
    ),
  ],
  'An ECDSA signature is SEQUENCE { r, s } in DER, both from 1 to the order less 1': [
    row(
      'r and s stand one after the other',
      numbers((r, s) => Buffer.concat([fixed(r), fixed(s)])),
      'signature_ecdsa_raw',
    ),
    row('octets follow it', longer, 'signature_ecdsa_malformed'),
    row(
      'it is a SET',
      numbers((r, s) => unsortedSet(integerOf(r), integerOf(s))),
      'signature_ecdsa_malformed',
    ),
    row(
      'it has three numbers',
      numbers((r, s) => seq(integerOf(r), integerOf(s), int(1))),
      'signature_ecdsa_malformed',
    ),
    row(
      'it has one number',
      numbers((r) => seq(integerOf(r))),
      'signature_ecdsa_malformed',
    ),
    row(
      'r has a zero too many',
      numbers((r, s) => seq(integerOf(Buffer.concat([hex('0000'), r])), integerOf(s))),
      'signature_ecdsa_malformed',
    ),
    row(
      'its length is in two octets',
      numbers((r, s) => ({ ...seq(integerOf(r), integerOf(s)), length: 'long' })),
      'signature_ecdsa_malformed',
    ),
    row(
      'it is empty',
      value(() => hex('')),
      'signature_ecdsa_malformed',
    ),
    row(
      'r is negative',
      numbers((r, s) => seq(integerOf(Buffer.concat([hex('80'), r.subarray(1)])), integerOf(s))),
      'signature_ecdsa_range',
    ),
    row(
      'r is 0',
      numbers((_, s) => seq(int(0), integerOf(s))),
      'signature_ecdsa_range',
    ),
    row(
      's is 0',
      numbers((r) => seq(integerOf(r), int(0))),
      'signature_ecdsa_range',
    ),
    row(
      's is the order',
      numbers((r) => seq(integerOf(r), int(order))),
      'signature_ecdsa_range',
    ),
    row(
      's is above the order',
      numbers((r, s) => seq(integerOf(r), int(order + BigInt(`0x${s.toString('hex')}`)))),
      'signature_ecdsa_range',
    ),
  ],
}
