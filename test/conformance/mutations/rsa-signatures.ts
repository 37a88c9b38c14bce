import { hex, nothing, seq } from './der-values.ts'
import type { Rows } from './mutation.ts'
import type { Rule } from './rules.ts'
import {
  algorithm,
  nist,
  pss,
  pssParameters,
  row,
  rsa,
  rsaWith,
  sha1,
  sha256,
  shorter,
  signedWith,
  value,
} from './signature-parts.ts'

/** The signatures: RFC 4055, 5758, 8410, 9881, CA/B Baseline Requirements 7.1.3.2. */
export const rsaSignatures: Rows<Rule<'rsaSignatures'>> = {
  'An RSA signature is PKCS #1 v1.5 with SHA-256, SHA-384 or SHA-512, its parameters NULL': [
    row('its digest is MD5', signedWith('md5', rsaWith(4), nothing), 'signature_digest_weak', rsa),
    row(
      'its digest is SHA-1',
      signedWith('sha1', rsaWith(5), nothing),
      'signature_digest_weak',
      rsa,
    ),
    row(
      'its digest is SHA-1 by the identifier of OIW',
      signedWith('sha1', '1.3.14.3.2.29', nothing),
      'signature_digest_weak',
      rsa,
    ),
    row('its digest is MD2', algorithm(rsaWith(2), nothing), 'signature_digest_weak', {
      ...rsa,
      also: ['signature_not_checked'],
    }),
    row(
      'its digest is SHA-224',
      signedWith('sha224', rsaWith(14), nothing),
      'signature_digest_short',
      rsa,
    ),
    row(
      'its digest is SHA-512/256',
      signedWith('sha512-256', rsaWith(16), nothing),
      'signature_digest_unusual',
      rsa,
    ),
    row(
      'its digest is SHA3-256',
      signedWith('sha3-256', nist(14), nothing),
      'signature_digest_unusual',
      rsa,
    ),
    row('its parameters are missing', algorithm(rsaWith(11)), 'signature_parameters_not_null', rsa),
    row(
      'its parameters are an empty SEQUENCE',
      algorithm(rsaWith(11), seq()),
      'signature_parameters_not_null',
      rsa,
    ),
    row(
      'its NULL has an octet',
      algorithm(rsaWith(11), { tag: 5, body: hex('00') }),
      'signature_parameters_not_null',
      rsa,
    ),
    row('it is PSS', pss(32, [pssParameters(sha256, sha256, 32)]), 'signature_rsa_pss', rsa),
    row(
      'it is PSS with a short salt',
      pss(20, [pssParameters(sha256, sha256, 20)]),
      'signature_pss_parameters',
      { ...rsa, also: ['signature_rsa_pss'] },
    ),
    row(
      'it is PSS with two digests',
      pss(32, [pssParameters(sha256, sha1, 32)]),
      'signature_pss_parameters',
      { ...rsa, also: ['signature_rsa_pss', 'signature_not_checked'] },
    ),
    row('it is PSS without parameters', pss(32, []), 'signature_pss_parameters', {
      ...rsa,
      also: ['signature_rsa_pss', 'signature_not_checked'],
    }),
    row('it is PSS with parameters NULL', pss(32, [nothing]), 'signature_pss_parameters', {
      ...rsa,
      also: ['signature_rsa_pss', 'signature_not_checked'],
    }),
    row('it is PSS with SHA-1 by default', pss(20, [seq()], 'sha1'), 'signature_digest_weak', {
      ...rsa,
      also: ['signature_rsa_pss'],
    }),
    row(
      'it is an octet longer than the modulus',
      value((octets) => Buffer.concat([hex('00'), octets])),
      'signature_length',
      { ...rsa },
    ),
    row('it is an octet shorter than the modulus', shorter, 'signature_length', {
      ...rsa,
    }),
    row(
      'it is empty',
      value(() => hex('')),
      'signature_length',
      { ...rsa },
    ),
  ],
}
