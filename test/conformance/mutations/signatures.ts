import { generateKeyPairSync, sign } from 'node:crypto'
import { all, at, inExtension, withTag } from './compose-csr.ts'
import { encode, type Part, parse } from './der-tree.ts'
import { hex, nothing, oid, seq, utf8 } from './der-values.ts'
import { dsaSpki } from './key-parts.ts'
import type { Rows } from './mutation.ts'
import type { Rule } from './rules.ts'
import {
  afterSigning,
  algorithm,
  flipped,
  longer,
  nist,
  row,
  rsa,
  rsaWith,
  shorter,
  signedWith,
} from './signature-parts.ts'

/** The signatures: RFC 4055, 5758, 8410, 9881, CA/B Baseline Requirements 7.1.3.2. */
export const otherSignatures: Rows<Rule<'otherSignatures'>> = {
  'An Ed25519 or ML-DSA signature has no parameters and one length': [
    row('Ed25519 has NULL', algorithm('1.3.101.112', nothing), 'signature_parameters_present', {
      csr: 'ed25519',
    }),
    row('Ed25519 has 63 octets', shorter, 'signature_length', { csr: 'ed25519' }),
    row('Ed25519 has 65 octets', longer, 'signature_length', { csr: 'ed25519' }),
    row('ML-DSA has NULL', algorithm(nist(17), nothing), 'signature_parameters_present', {
      csr: 'mlDsa',
    }),
    row('ML-DSA has 2419 octets', shorter, 'signature_length', { csr: 'mlDsa' }),
    row('ML-DSA has 2421 octets', longer, 'signature_length', { csr: 'mlDsa' }),
  ],
  'The signature algorithm is one of the key': [
    row(
      'it is RSA with an EC key',
      algorithm(rsaWith(11), nothing),
      'signature_algorithm_mismatch',
    ),
    row(
      'it is ECDSA with an RSA key',
      algorithm('1.2.840.10045.4.3.2'),
      'signature_algorithm_mismatch',
      rsa,
    ),
    row('it is Ed25519 with an EC key', algorithm('1.3.101.112'), 'signature_algorithm_mismatch'),
    row(
      'it is Ed448 with an Ed25519 key',
      algorithm('1.3.101.113'),
      'signature_algorithm_mismatch',
      { csr: 'ed25519' },
    ),
    row(
      'it is ML-DSA-65 with an ML-DSA-44 key',
      algorithm(nist(18)),
      'signature_algorithm_mismatch',
      { csr: 'mlDsa' },
    ),
    row(
      'it is the identifier of the key',
      algorithm('1.2.840.10045.2.1'),
      'signature_algorithm_unknown',
    ),
    row(
      'it is DSA, and the key as well',
      all(at('key', dsaSpki()), algorithm(nist(2))),
      'signature_algorithm_obsolete',
      { also: ['key_algorithm_obsolete'] },
    ),
    row('it is not known', algorithm('1.3.6.1.4.1.55555.1'), 'signature_algorithm_unknown'),
    row(
      'it is an object identifier alone',
      (csr) => ({ ...csr, algorithm: oid(rsaWith(11)) }),
      'signature_algorithm_malformed',
      rsa,
    ),
    row(
      'it is a SET',
      (csr) => ({ ...csr, algorithm: withTag(0x31)(parse(encode(csr.algorithm))) as Part }),
      'signature_algorithm_malformed',
    ),
    row('it is empty', (csr) => ({ ...csr, algorithm: seq() }), 'signature_algorithm_malformed'),
    row(
      'it has two parameters',
      algorithm(rsaWith(11), nothing, nothing),
      'signature_algorithm_malformed',
      rsa,
    ),
    row(
      'its identifier is text',
      (csr) => ({ ...csr, algorithm: seq(utf8('Ed25519')) }),
      'signature_algorithm_malformed',
    ),
  ],
  'The signature verifies with the key': [
    ...(['rsa', 'ecdsa', 'ed25519', 'mlDsa'] as const).flatMap((csr) => [
      row(`a bit of it is another, with ${csr}`, flipped, 'signature_invalid', { csr }),
      row(
        `a bit of the subject was changed after it, with ${csr}`,
        afterSigning,
        'signature_invalid',
        { csr },
      ),
    ]),
    row(
      'it is of another key',
      (csr) => ({
        ...csr,
        sign: (info) =>
          sign('sha256', info, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      }),
      'signature_invalid',
    ),
    row(
      'it is over another digest',
      signedWith('sha384', rsaWith(11), nothing),
      'signature_invalid',
      rsa,
    ),
    row(
      'a bit of it is another, and a key usage ends with a zero',
      all(flipped, inExtension('2.5.29.15', '2/0', { tag: 3, body: hex('05 c0') })),
      'signature_invalid',
      { also: ['der_bit_string'] },
    ),
    row(
      'it is over the info without its header',
      (csr) => ({ ...csr, sign: (info) => csr.sign(info.subarray(4)) }),
      'signature_invalid',
    ),
  ],
  'The signature can be verified': [
    row('its digest is MD4', algorithm(rsaWith(3), nothing), 'signature_not_checked', {
      ...rsa,
      also: ['signature_digest_weak'],
    }),
    row(
      'it is PSS with parameters that cannot be read',
      algorithm(rsaWith(10), nothing),
      'signature_not_checked',
      { ...rsa, also: ['signature_rsa_pss', 'signature_pss_parameters'] },
    ),
  ],
}
