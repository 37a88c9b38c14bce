import { at, gone } from './compose-csr.ts'
import { encode } from './der-tree.ts'
import { hex, nothing, octets, oid, printable } from './der-values.ts'
import { inKey, key, uncheckable, withCurve, withCurvePoint } from './key-parts.ts'
import type { Rows } from './mutation.ts'
import type { Rule } from './rules.ts'

/** The public keys: RFC 8017, 4055, 5480, 8410, 9881, CA/B Baseline Requirements 6.1. */
export const ecKeys: Rows<Rule<'ecKeys'>> = {
  'An EC key names its curve, which is P-256, P-384 or P-521': [
    key('its parameters are missing', at('key/0/1', gone), 'key_ec_parameters_missing', {
      also: uncheckable,
    }),
    key('its parameters are text', at('key/0/1', printable('P-256')), 'key_ec_parameters_missing', {
      also: uncheckable,
    }),
    key('its parameters are NULL', at('key/0/1', nothing), 'key_ec_parameters_implicit', {
      also: uncheckable,
    }),
    key('its curve is written out', withCurve('P-256', 'explicit'), 'key_ec_parameters_explicit', {
      also: uncheckable,
    }),
    ...['prime192v1', 'secp160r1', 'sect163k1'].map((curve) =>
      key(`it is of ${curve}`, withCurve(curve), 'key_ec_curve_weak'),
    ),
    ...['secp224r1', 'secp256k1', 'brainpoolP256r1'].map((curve) =>
      key(`it is of ${curve}`, withCurve(curve), 'key_ec_curve_unusual'),
    ),
    key('its curve is not known', at('key/0/1', oid('1.2.3.4')), 'key_ec_curve_unusual', {
      also: uncheckable,
    }),
    key(
      'its curve is the one of another length',
      at('key/0/1', oid('1.3.132.0.34')),
      'key_ec_point_length',
      { also: uncheckable },
    ),
  ],
  'The point of an EC key is uncompressed and on its curve': [
    key(
      'it is compressed',
      inKey((point) =>
        Buffer.concat([Buffer.of(2 + ((point.at(-1) ?? 0) & 1)), point.subarray(1, 33)]),
      ),
      'key_ec_point_form',
    ),
    key(
      'it is in the hybrid form',
      inKey((point) =>
        Buffer.concat([Buffer.of(6 + ((point.at(-1) ?? 0) & 1)), point.subarray(1)]),
      ),
      'key_ec_point_form',
    ),
    key(
      'it is in no form',
      inKey((point) => Buffer.concat([hex('05'), point.subarray(1)])),
      'key_ec_point_form',
      { also: uncheckable },
    ),
    key(
      'it is an OCTET STRING within',
      inKey((point) => encode(octets(point))),
      'key_ec_point_length',
      { also: uncheckable },
    ),
    key(
      'it is at infinity',
      inKey(() => hex('00')),
      'key_ec_point_infinity',
      { also: ['signature_invalid'] },
    ),
    key(
      'it is empty',
      inKey(() => hex('')),
      'key_ec_point_infinity',
      { also: uncheckable },
    ),
    key(
      'it has an octet too few',
      inKey((point) => point.subarray(0, -1)),
      'key_ec_point_length',
      { also: uncheckable },
    ),
    key(
      'octets follow it',
      inKey((point) => Buffer.concat([point, hex('00')])),
      'key_ec_point_length',
      { also: uncheckable },
    ),
    key(
      'its coordinates are zeros',
      inKey(() => Buffer.concat([hex('04'), Buffer.alloc(64)])),
      'key_ec_point_zero',
      { also: uncheckable },
    ),
    key(
      'it is off the curve',
      inKey((point) => Buffer.concat([point.subarray(0, -1), Buffer.of((point.at(-1) ?? 0) ^ 1)])),
      'key_ec_point_off_curve',
      { also: uncheckable },
    ),
    key(
      'a coordinate is above the prime',
      inKey((point) => Buffer.concat([hex('04'), Buffer.alloc(32, 0xff), point.subarray(33)])),
      'key_ec_point_off_curve',
      { also: uncheckable },
    ),
    key(
      'it is the one of another curve',
      at('key', withCurvePoint('secp256k1')),
      'key_ec_point_off_curve',
      { also: uncheckable },
    ),
  ],
}
