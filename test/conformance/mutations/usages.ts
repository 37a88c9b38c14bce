import { all, extension, gone, inExtension } from './compose-csr.ts'
import { bits, bool, hex, int, integerOf, octets, oid, seq, set, utf8 } from './der-values.ts'
import {
  constraints,
  malformed,
  purpose,
  types,
  unfit,
  usage,
  value,
  yes,
} from './extension-parts.ts'
import { withCurve, withRsa } from './key-parts.ts'
import { breaks, type Rows } from './mutation.ts'
import type { Rule } from './rules.ts'
import { signedWith } from './signature-parts.ts'

/** The extensions: RFC 5280 section 4.2, RFC 7633, MS-WCCE. */
export const usages: Rows<Rule<'usages'>> = {
  'A key usage is not empty and of usages that there are': [
    value('keyUsage', 'it is empty', bits(hex('')), 'key_usage_empty'),
    value('keyUsage', 'it is a zero', bits(hex('00'), 7), 'key_usage_empty', {
      also: ['der_bit_string'],
    }),
    malformed('keyUsage', 'it has a tenth bit', usage(0, 9)),
    malformed('keyUsage', 'it is an INTEGER', int(5)),
    malformed('keyUsage', 'it is an OCTET STRING', octets(hex('80'))),
    malformed('keyUsage', 'it is a list', seq(usage(0))),
  ],
  'A key that enciphers nothing has no keyEncipherment or dataEncipherment, and only EC agrees': [
    unfit('ECDSA has keyEncipherment', 'ecdsa', 0, 2),
    unfit('ECDSA has dataEncipherment', 'ecdsa', 0, 3),
    unfit('Ed25519 has keyEncipherment', 'ed25519', 0, 2),
    unfit('Ed25519 has dataEncipherment', 'ed25519', 0, 3),
    unfit('Ed25519 has keyAgreement', 'ed25519', 0, 4),
    unfit('ML-DSA has keyEncipherment', 'mlDsa', 0, 2),
    unfit('ML-DSA has dataEncipherment', 'mlDsa', 0, 3),
    unfit('ML-DSA has keyAgreement', 'mlDsa', 0, 4),
    unfit('RSA has keyAgreement', 'rsa', 0, 4),
    breaks(
      'ECDSA with SHA-384 has keyEncipherment',
      all(signedWith('sha384', '1.2.840.10045.4.3.3'), extension(types.keyUsage, usage(0, 2), yes)),
      'key_usage_key_type',
      '/extensions/keyUsage',
      { also: ['signature_digest_curve'] },
    ),
    breaks(
      'a key of secp256k1 has keyEncipherment',
      all(withCurve('secp256k1'), extension(types.keyUsage, usage(0, 2), yes)),
      'key_usage_key_type',
      '/extensions/keyUsage',
      { also: ['key_ec_curve_unusual'] },
    ),
    breaks(
      'an RSA key of 1024 bits has keyAgreement',
      all(withRsa(1024), extension(types.keyUsage, usage(0, 4), yes)),
      'key_usage_key_type',
      '/extensions/keyUsage',
      { csr: 'rsa', also: ['key_rsa_modulus_short'] },
    ),
    value('keyUsage', 'it has encipherOnly without keyAgreement', usage(0, 7), 'key_usage_only'),
    value('keyUsage', 'it has decipherOnly without keyAgreement', usage(0, 8), 'key_usage_only'),
  ],
  'keyCertSign stands beside cA, a path length beside both': [
    value(
      'keyUsage',
      'keyCertSign stands beside a cA that is false',
      usage(0, 5),
      'key_usage_cert_sign',
    ),
    breaks(
      'keyCertSign stands without basic constraints',
      inExtension(types.basicConstraints, '', gone),
      'key_usage_cert_sign',
      '/extensions/keyUsage',
      { csr: 'authority' },
    ),
    breaks(
      'a path length stands without cA',
      constraints(int(0)),
      'basic_constraints_path_length',
      '/extensions/basicConstraints',
    ),
    breaks(
      'a path length stands without keyCertSign',
      constraints(yes, int(0)),
      'basic_constraints_path_length',
      '/extensions/basicConstraints',
    ),
    breaks(
      'a cA is not critical',
      extension(types.basicConstraints, seq(yes)),
      'extension_criticality_unusual',
      '/extensions/basicConstraints',
    ),
  ],
  'An extended key usage is purposes, each once': [
    value('extendedKeyUsage', 'it is empty', seq(), 'extended_key_usage_empty'),
    malformed('extendedKeyUsage', 'it is a SET', set(purpose(1))),
    malformed('extendedKeyUsage', 'it is one purpose', purpose(1)),
    malformed('extendedKeyUsage', 'a purpose is text', seq(utf8('serverAuth'))),
    malformed('extendedKeyUsage', 'a purpose is a list', seq(seq(purpose(1)))),
    value(
      'extendedKeyUsage',
      'a purpose is there twice',
      seq(purpose(1), purpose(2), purpose(1)),
      'extended_key_usage_duplicate',
    ),
    value('extendedKeyUsage', 'it is any', seq(oid('2.5.29.37.0')), 'extended_key_usage_any'),
  ],
  'Basic constraints are a cA and a path length': [
    value('basicConstraints', 'its cA is FALSE and written', seq(bool(0)), 'der_default_written'),
    breaks('its cA is 01', constraints(bool(1)), 'der_boolean', '/extensions/basicConstraints'),
    value(
      'basicConstraints',
      'its cA has two octets',
      seq({ tag: 1, body: hex('ffff') }),
      'der_malformed',
    ),
    malformed('basicConstraints', 'it is a BOOLEAN', yes),
    malformed('basicConstraints', 'its path length is negative', seq(yes, integerOf(hex('ff')))),
    malformed('basicConstraints', 'its path length comes first', seq(int(0), yes)),
    malformed('basicConstraints', 'it has a third part', seq(yes, int(0), int(0))),
    malformed('basicConstraints', 'its path length is text', seq(yes, utf8('0'))),
    malformed('basicConstraints', 'its path length is above 2^64', seq(yes, int(2n ** 65n))),
  ],
}
