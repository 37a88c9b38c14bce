import { at, gone } from './compose-csr.ts'
import { hex, int, integerOf, octets, seq, unsortedSet } from './der-values.ts'
import { inKey, inNumbers, key, odd, productOf, rsa, uncheckable, withRsa } from './key-parts.ts'
import type { Rows } from './mutation.ts'
import type { Rule } from './rules.ts'
import {
  prime,
  primeAfter,
  primesBeside,
  rocaPrime,
  withRsaFactors,
  withRsaNumbers,
} from './weak-keys.ts'

/** The public keys: RFC 8017, 4055, 5480, 8410, 9881, CA/B Baseline Requirements 6.1. */
export const rsaKeys: Rows<Rule<'rsaKeys'>> = {
  'An RSA key is rsaEncryption with NULL, its two numbers positive and in the shortest form': [
    key('NULL is missing', at('key/0/1', gone), 'key_rsa_parameters', rsa),
    key('an empty SEQUENCE stands for NULL', at('key/0/1', seq()), 'key_rsa_parameters', rsa),
    key('NULL has an octet', at('key/0/1', { tag: 5, body: hex('00') }), 'key_rsa_parameters', {
      ...rsa,
      also: uncheckable,
    }),
    key(
      'the modulus has no zero before its first bit',
      inNumbers((n) => seq(integerOf(n.subarray(1)), int(65537))),
      'key_rsa_integer_negative',
      rsa,
    ),
    key(
      'the modulus has two zeros',
      inNumbers((n) => seq(integerOf(Buffer.concat([hex('00'), n])), int(65537))),
      'key_rsa_integer_not_minimal',
      rsa,
    ),
    key(
      'the exponent has a zero',
      inNumbers((n, e) => seq(integerOf(n), integerOf(Buffer.concat([hex('00'), e])))),
      'key_rsa_integer_not_minimal',
      rsa,
    ),
    key(
      'the exponent is missing',
      inNumbers((n) => seq(integerOf(n))),
      'key_rsa_malformed',
      rsa,
    ),
    key(
      'there is a third number',
      inNumbers((n, e) => seq(integerOf(n), integerOf(e), int(1))),
      'key_rsa_malformed',
      rsa,
    ),
    key(
      'the numbers are in a SET',
      inNumbers((n, e) => unsortedSet(integerOf(n), integerOf(e))),
      'key_rsa_malformed',
      rsa,
    ),
    key(
      'the modulus is an OCTET STRING',
      inNumbers((n, e) => seq(octets(n), integerOf(e))),
      'key_rsa_malformed',
      rsa,
    ),
    key(
      'the modulus has no octet',
      inNumbers((_, e) => seq(integerOf(hex('')), integerOf(e))),
      'key_rsa_malformed',
      rsa,
    ),
    key(
      'octets follow the numbers',
      inKey((octets) => Buffer.concat([octets, hex('00')])),
      'key_rsa_malformed',
      rsa,
    ),
    key(
      'the length of the numbers is indefinite',
      inNumbers((n, e) => ({ ...seq(integerOf(n), integerOf(e)), length: 'indefinite' })),
      'key_rsa_malformed',
      rsa,
    ),
  ],
  'An RSA modulus has 2048, 3072 or 4096 bits': [
    key('it has 512', withRsa(512), 'key_rsa_modulus_short', rsa),
    key('it has 1024', withRsa(1024), 'key_rsa_modulus_short', rsa),
    key('it has 2040', withRsa(2040), 'key_rsa_modulus_short', rsa),
    key('it has 2046', withRsa(2046), 'key_rsa_modulus_short', {
      ...rsa,
      also: ['key_rsa_modulus_octets'],
    }),
    key('it has 2050', withRsa(2050), 'key_rsa_modulus_octets', rsa),
    key('it has 2056', withRsa(2056), 'key_rsa_modulus_unusual', rsa),
    key(
      'it has 8200',
      withRsaNumbers(() => odd(8200), 65537n),
      'key_rsa_modulus_long',
      {
        ...rsa,
        also: ['signature_length'],
      },
    ),
  ],
  'An RSA public exponent is 65537': [
    key(
      'it is 1',
      withRsaFactors(() => [prime(0), prime(1)], 1n),
      'key_rsa_exponent_small',
      rsa,
    ),
    key('it is 3', withRsa(2048, 3), 'key_rsa_exponent_small', rsa),
    key(
      'it is 65521',
      withRsaFactors(() => [prime(0), prime(1)], 65521n),
      'key_rsa_exponent_small',
      rsa,
    ),
    key(
      'it is 65538',
      withRsaNumbers(() => odd(2048), 65538n),
      'key_rsa_exponent_even',
      {
        ...rsa,
        also: ['key_rsa_exponent_unusual', 'signature_invalid'],
      },
    ),
    key(
      'it is 65539',
      withRsaFactors(() => [prime(0), prime(1)], 65539n),
      'key_rsa_exponent_unusual',
      rsa,
    ),
    key(
      'it has 257 bits',
      withRsaNumbers(() => prime(0) * prime(1), (1n << 256n) + 1n),
      'key_rsa_exponent_large',
      { ...rsa, also: uncheckable },
    ),
    key(
      'it is -1',
      inNumbers((n) => seq(integerOf(n), integerOf(hex('ff')))),
      'key_rsa_integer_negative',
      { ...rsa, also: ['key_rsa_exponent_small'] },
    ),
    key(
      'it is 0',
      inNumbers((n) => seq(integerOf(n), int(0))),
      'key_rsa_exponent_even',
      { ...rsa, also: ['key_rsa_exponent_small', 'signature_invalid'] },
    ),
  ],
  'An RSA modulus has no factor below 752': [
    key(
      'it is even',
      withRsaNumbers(() => 2n * productOf(primesBeside(2n)), 65537n),
      'key_rsa_modulus_even',
      {
        ...rsa,
        also: uncheckable,
      },
    ),
    ...[3n, 5n, 167n, 751n].map((factor) =>
      key(
        `it has ${factor}`,
        withRsaFactors(() => [factor, ...primesBeside(factor)]),
        'key_rsa_small_factor',
        rsa,
      ),
    ),
  ],
  'The primes of an RSA modulus are not close': [
    key(
      'they are the same',
      withRsaFactors(() => [prime(0), prime(0)]),
      'key_rsa_square',
      rsa,
    ),
    key(
      'one follows the other',
      withRsaFactors(() => [prime(0), primeAfter(prime(0))]),
      'key_rsa_close_primes',
      rsa,
    ),
    key(
      'they differ in the lower half of their bits',
      withRsaFactors(() => [prime(0), primeAfter(prime(0) + (1n << 513n))]),
      'key_rsa_close_primes',
      rsa,
    ),
  ],
  'An RSA modulus has not the mark of ROCA': [
    key(
      'both primes are as that library made them',
      withRsaFactors(() => [rocaPrime(0n), rocaPrime(1n << 800n)]),
      'key_rsa_roca',
      rsa,
    ),
  ],
}
