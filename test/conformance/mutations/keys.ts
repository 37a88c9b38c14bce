import { generateKeyPairSync } from 'node:crypto'
import { all, at, gone, withMore, withTag } from './compose-csr.ts'
import { encode } from './der-tree.ts'
import { hex, nothing, octets, oid, seq } from './der-values.ts'
import { dsaSpki, inKey, isEven, key, uncheckable, withCurve, withPair } from './key-parts.ts'
import type { Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

/** The public keys: RFC 8017, 4055, 5480, 8410, 9881, CA/B Baseline Requirements 6.1. */
export const otherKeys: Rows<Rule<'otherKeys'>> = {
  'A public key is an algorithm that is known and a bit string': [
    key('it is an OCTET STRING', at('key/1', withTag(4)), 'key_malformed'),
    key('it has no bits', at('key/1', gone), 'key_malformed'),
    key('it has no algorithm', at('key/0', gone), 'key_malformed'),
    key('it has a third part', at('key', withMore(nothing)), 'key_malformed'),
    key(
      'its algorithm is an object identifier alone',
      at('key/0', oid('1.2.840.113549.1.1.1')),
      'key_malformed',
    ),
    key('its algorithm has two parameters', at('key/0', withMore(nothing)), 'key_malformed'),
    key('it is a SET', at('key', withTag(0x31)), 'key_malformed'),
    key('it is NULL', at('key', nothing), 'key_malformed'),
    key(
      'it has a bit that is not used',
      all(
        withCurve('P-256', 'named', isEven),
        inKey((octets) => octets, 1),
      ),
      'key_bit_string',
    ),
    key(
      'it is of an algorithm that is not known',
      at('key/0/0', oid('1.3.6.1.4.1.55555.1')),
      'key_algorithm_unknown',
      { also: ['signature_algorithm_mismatch'] },
    ),
    key(
      'it is a key of X25519',
      withPair(
        () => ({
          ...generateKeyPairSync('x25519'),
          privateKey: generateKeyPairSync('ed25519').privateKey,
        }),
        seq(oid('1.3.101.112')),
        null,
      ),
      'key_algorithm_unknown',
      { also: ['signature_algorithm_mismatch'] },
    ),
    key(
      'it is DSA',
      all(at('key', dsaSpki()), (csr) => ({
        ...csr,
        algorithm: seq(oid('2.16.840.1.101.3.4.3.2')),
      })),
      'key_algorithm_obsolete',
      { also: ['signature_algorithm_obsolete'] },
    ),
    key(
      'it is Ed448',
      withPair(() => generateKeyPairSync('ed448'), seq(oid('1.3.101.113')), null),
      'key_algorithm_unusual',
    ),
  ],
  'An Ed25519 key has no parameters and is a point of 32 octets': [
    key('it has NULL', at('key/0', withMore(nothing)), 'key_parameters_present', {
      csr: 'ed25519',
      also: uncheckable,
    }),
    key(
      'it has 31 octets',
      inKey((octets) => octets.subarray(1)),
      'key_ed25519_length',
      { csr: 'ed25519', also: uncheckable },
    ),
    key(
      'it has 33 octets',
      inKey((octets) => Buffer.concat([octets, hex('00')])),
      'key_ed25519_length',
      { csr: 'ed25519', also: uncheckable },
    ),
    key(
      'it is an OCTET STRING within',
      inKey((key) => encode(octets(key))),
      'key_ed25519_length',
      { csr: 'ed25519', also: uncheckable },
    ),
    key(
      'it is no point',
      inKey(() => Buffer.concat([hex('02'), Buffer.alloc(31)])),
      'key_ed25519_point',
      { csr: 'ed25519', also: ['signature_invalid'] },
    ),
    key(
      'its y is above the prime',
      inKey(() => Buffer.concat([hex('f0'), Buffer.alloc(30, 0xff), hex('7f')])),
      'key_ed25519_point',
      { csr: 'ed25519', also: ['signature_invalid'] },
    ),
    key(
      'it is the neutral point',
      inKey(() => Buffer.concat([hex('01'), Buffer.alloc(31)])),
      'key_ed25519_small_order',
      { csr: 'ed25519', also: ['signature_invalid'] },
    ),
    key(
      'it is zeros',
      inKey(() => Buffer.alloc(32)),
      'key_ed25519_small_order',
      { csr: 'ed25519', also: ['signature_invalid'] },
    ),
  ],
  'An ML-DSA key has no parameters and the length of its set': [
    key('it has NULL', at('key/0', withMore(nothing)), 'key_parameters_present', {
      csr: 'mlDsa',
      also: uncheckable,
    }),
    key(
      'it has an octet too few',
      inKey((octets) => octets.subarray(1)),
      'key_ml_dsa_length',
      { csr: 'mlDsa', also: uncheckable },
    ),
    key(
      'it has an octet too many',
      inKey((octets) => Buffer.concat([octets, hex('00')])),
      'key_ml_dsa_length',
      { csr: 'mlDsa', also: uncheckable },
    ),
    key(
      'it is of another set',
      all(at('key/0/0', oid('2.16.840.1.101.3.4.3.18')), (csr) => ({
        ...csr,
        algorithm: seq(oid('2.16.840.1.101.3.4.3.18')),
      })),
      'key_ml_dsa_length',
      { csr: 'mlDsa', also: uncheckable },
    ),
  ],
}
