import {
  checkPrimeSync,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  generatePrimeSync,
  randomBytes,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nullValue, oid } from '../../src/der/der-writer.ts'
import { keyAlgorithmNames, keyAlgorithms } from '../../src/keys/key-algorithms.ts'
import { findingKinds } from '../../src/lint/finding-kinds.ts'
import { modularPower } from '../../src/public-keys/big-numbers.ts'
import { checkPublicKey, describePublicKey } from '../../src/public-keys/public-key.ts'
import {
  ecSpki,
  integerOf,
  mutate,
  rsaSpki,
  seeded,
  spkiOf,
  testRsaPem,
} from '../keys/key-material.ts'
import { hex, tlv } from '../tlv.ts'

const rsa = '1.2.840.113549.1.1.1'
const ec = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'
const p256 = oid('1.2.840.10045.3.1.7')

/** The codes that a key is reported with; each message is a sentence, at `/key`. */
function codesOf(spki: Buffer): string[] {
  const codes: string[] = []
  checkPublicKey(spki, (code, pointer, message) => {
    expect(pointer).toBe('/key')
    expect(message).toMatch(/^(The|r or) .*\.$/)
    expect(findingKinds[code].severity).toMatch(/error|warning/)
    codes.push(code)
  })
  return codes
}

const rsaPublic = createPublicKey(testRsaPem(2048)).export({ type: 'spki', format: 'der' })
const p256Public = ecSpki('P-256')
const edPublic = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })
const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })

const smallPrimes = Array.from({ length: 750 }, (_, i) => BigInt(i + 2)).filter(
  (n, _, all) => !all.some((d) => d * d <= n && n % d === 0n),
)

/** A number of `bits` bits that can be divided by `factor` and no other number below 752. */
function withBits(bits: number, factor = 1n): bigint {
  for (;;) {
    const random = BigInt(`0x${randomBytes(Math.ceil(bits / 8) + 1).toString('hex')}`)
    const least = 1n << BigInt(bits - 1)
    const cofactor = (least + (random % least)) / factor
    const product = cofactor * factor
    const sound = smallPrimes.every((prime) => cofactor % prime !== 0n)
    if (sound && product >= least) return product
  }
}

const one2048 = BigInt(`0x${rsaPublic.subarray(33, 33 + 256).toString('hex')}`)

/** A prime as the library of CVE-2017-15361 made them: k·M + 65537^a mod M. */
function rocaPrime(bits: number, seed: number): bigint {
  // M for 2048-bit keys is the product of the first 126 primes, those up to 701.
  const product = smallPrimes.slice(0, 126).reduce((all, prime) => all * prime, 1n)
  const random = seeded(seed)
  for (let k = (3n << BigInt(bits - 2)) / product; ; k++) {
    const candidate = k * product + modularPower(65537n, BigInt(random(2 ** 31)), product)
    if (checkPrimeSync(candidate)) return candidate
  }
}

describe('a key without a fault', () => {
  it.each(keyAlgorithmNames.filter((name) => !name.startsWith('rsa')))('%s', async (name) => {
    const { spki } = await keyAlgorithms[name].generate()
    expect(codesOf(spki)).toEqual([])
    expect(describePublicKey(spki).algorithm).toBe(name)
  })

  it.each([2048, 3072, 4096] as const)('rsa-%i', (bits) => {
    const spki = createPublicKey(testRsaPem(bits)).export({ type: 'spki', format: 'der' })
    expect(codesOf(spki)).toEqual([])
    expect(describePublicKey(spki)).toMatchObject({ algorithm: `rsa-${bits}`, kind: 'rsa', bits })
  })

  it('of RFC 8410 section 10.1', () => {
    const spki = Buffer.from(
      'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
      'base64',
    )
    expect(codesOf(spki)).toEqual([])
  })
})

describe('structure', () => {
  it.each([
    ['nothing', Buffer.of()],
    ['not DER', Buffer.of(1, 2, 3)],
    ['an empty sequence', hex('3000')],
    ['a third part', tlv(0x30, rsaPublic.subarray(4), hex('0500'))],
    ['bytes after the end', Buffer.concat([edPublic, hex('00')])],
    [
      'an octet string for a bit string',
      tlv(0x30, hex('300506032b6570'), tlv(4, Buffer.alloc(33))),
    ],
    ['an empty bit string', tlv(0x30, hex('300506032b6570'), hex('0300'))],
    ['a curve’s name that is cut', spkiOf(ec, hex('060180'), Buffer.alloc(65))],
  ])('malformed: %s', (_, spki) => {
    expect(codesOf(spki)).toEqual(['key_malformed'])
    expect(describePublicKey(spki)).toEqual({
      algorithm: undefined,
      kind: 'unknown',
      oid: undefined,
    })
  })

  it('an object identifier of 60,000 octets costs nothing', () => {
    const long = tlv(0x06, Buffer.alloc(60_000, 0xff), Buffer.of(0x7f))
    const start = performance.now()
    expect(codesOf(tlv(0x30, tlv(0x30, long), hex('030100')))).toEqual(['key_malformed'])
    expect(codesOf(spkiOf(ec, long, Buffer.alloc(65)))).toEqual(['key_malformed'])
    expect(performance.now() - start).toBeLessThan(200)
  })

  it('unused bits are a fault of their own, and the rest is read', () => {
    const spki = Buffer.from(p256Public)
    spki[25] = 1
    expect(codesOf(spki)).toEqual(['key_bit_string'])
    expect(describePublicKey(spki)).toMatchObject({ kind: 'ec', curve: 'P-256' })
  })

  it.each([
    ['X25519', generateKeyPairSync('x25519').publicKey, 'unknown', ['key_algorithm_unknown']],
    ['Ed448', generateKeyPairSync('ed448').publicKey, 'ed448', ['key_algorithm_unusual']],
    ['DSA', dsa.publicKey, 'dsa', ['key_algorithm_obsolete']],
    [
      'RSA-PSS',
      generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).publicKey,
      'rsa-pss',
      ['key_algorithm_unusual', 'key_rsa_modulus_short'],
    ],
  ])('another algorithm: %s', (_, key, kind, codes) => {
    const spki = key.export({ type: 'spki', format: 'der' })
    expect(codesOf(spki)).toEqual(codes)
    expect(describePublicKey(spki).kind).toBe(kind)
  })
})

describe('RSA', () => {
  const key = (...numbers: Buffer[]) => spkiOf(rsa, nullValue, tlv(0x30, ...numbers))
  const e = integerOf(65537n)
  const octets = integerOf(one2048).subarray(4)

  it.each<[string, Buffer, string[]]>([
    ['no parameters', spkiOf(rsa, undefined, rsaPublic.subarray(24)), ['key_rsa_parameters']],
    ['other parameters', spkiOf(rsa, hex('3000'), rsaPublic.subarray(24)), ['key_rsa_parameters']],
    ['no exponent', key(integerOf(one2048)), ['key_rsa_malformed']],
    ['three numbers', key(integerOf(one2048), e, e), ['key_rsa_malformed']],
    ['an empty number', key(integerOf(one2048), hex('0200')), ['key_rsa_malformed']],
    ['no DER inside', spkiOf(rsa, nullValue, Buffer.from('modulus')), ['key_rsa_malformed']],
    ['no leading zero', key(tlv(2, octets.subarray(1)), e), ['key_rsa_integer_negative']],
    ['two leading zeros', key(tlv(2, hex('00'), octets), e), ['key_rsa_integer_not_minimal']],
    [
      'e with a leading zero',
      key(integerOf(one2048), hex('020400010001')),
      ['key_rsa_integer_not_minimal'],
    ],
    ['e = 1', rsaSpki(one2048, 1n), ['key_rsa_exponent_small']],
    ['e = 3', rsaSpki(one2048, 3n), ['key_rsa_exponent_small']],
    ['e = 65536', rsaSpki(one2048, 65536n), ['key_rsa_exponent_even', 'key_rsa_exponent_small']],
    ['e = 65538', rsaSpki(one2048, 65538n), ['key_rsa_exponent_even', 'key_rsa_exponent_unusual']],
    ['e = 65539', rsaSpki(one2048, 65539n), ['key_rsa_exponent_unusual']],
    ['e = 2^256 + 1', rsaSpki(one2048, 2n ** 256n + 1n), ['key_rsa_exponent_large']],
    ['1024 bits', rsaSpki(withBits(1024)), ['key_rsa_modulus_short']],
    ['2047 bits', rsaSpki(withBits(2047)), ['key_rsa_modulus_short', 'key_rsa_modulus_octets']],
    ['2056 bits', rsaSpki(withBits(2056)), ['key_rsa_modulus_unusual']],
    ['an even modulus', rsaSpki(withBits(2048, 2n)), ['key_rsa_modulus_even']],
    ['a factor of 3', rsaSpki(withBits(2048, 3n)), ['key_rsa_small_factor']],
    ['a factor of 751', rsaSpki(withBits(2048, 751n)), ['key_rsa_small_factor']],
    ['a factor of 757 is not looked for', rsaSpki(withBits(2048, 757n)), []],
  ])('%s', (_, spki, codes) => {
    expect(codesOf(spki)).toEqual(codes)
  })

  it('a square, and primes that are close', () => {
    const p = generatePrimeSync(1024, { bigint: true })
    let next = p + 2n
    while (!checkPrimeSync(next)) next += 2n
    expect(codesOf(rsaSpki(p * p))).toEqual(['key_rsa_square'])
    expect(codesOf(rsaSpki(p * next))).toEqual(['key_rsa_close_primes'])
  })

  it('a key of the Infineon library (ROCA)', () => {
    const p = rocaPrime(1024, 1)
    const modulus = p * rocaPrime(1024, 2)
    expect(modulus.toString(2).length).toBe(2048)
    expect(codesOf(rsaSpki(modulus))).toEqual(['key_rsa_roca'])
  })

  it('a modulus of 16,384 bits is warned of and not computed with', () => {
    const spki = rsaSpki((1n << 16383n) + 1n, (1n << 16000n) + 1n)
    expect(codesOf(spki)).toEqual(['key_rsa_modulus_long', 'key_rsa_exponent_large'])
  })
})

describe('EC', () => {
  const point = p256Public.subarray(26)
  const withPoint = (octets: Buffer) => spkiOf(ec, p256, octets)
  const changed = Buffer.from(point)
  changed[64] = (changed[64] ?? 0) ^ 1
  const form = (octet: number, octets: Buffer) => Buffer.concat([Buffer.of(octet), octets])
  const parity = (point[64] ?? 0) & 1

  it.each<[string, Buffer, string[]]>([
    ['no parameters', spkiOf(ec, undefined, point), ['key_ec_parameters_missing']],
    ['NULL', spkiOf(ec, nullValue, point), ['key_ec_parameters_implicit']],
    ['a curve written out', ecSpki('P-256', 'explicit'), ['key_ec_parameters_explicit']],
    [
      'parameters of no known kind',
      spkiOf(ec, hex('020101'), point),
      ['key_ec_parameters_missing'],
    ],
    ['secp256k1', ecSpki('secp256k1'), ['key_ec_curve_unusual']],
    ['brainpoolP256r1', ecSpki('brainpoolP256r1'), ['key_ec_curve_unusual']],
    ['P-224', ecSpki('secp224r1'), ['key_ec_curve_unusual']],
    ['P-192', ecSpki('prime192v1'), ['key_ec_curve_weak']],
    ['a curve that is not known', spkiOf(ec, oid('1.2.3.4'), point), ['key_ec_curve_unusual']],
    ['infinity', withPoint(Buffer.of(0)), ['key_ec_point_infinity']],
    ['no octets', withPoint(Buffer.of()), ['key_ec_point_infinity']],
    ['compressed', withPoint(form(2 + parity, point.subarray(1, 33))), ['key_ec_point_form']],
    ['hybrid', withPoint(form(6 + parity, point.subarray(1))), ['key_ec_point_form']],
    ['raw coordinates', withPoint(form(9, point.subarray(1))), ['key_ec_point_form']],
    ['too short', withPoint(point.subarray(0, 64)), ['key_ec_point_length']],
    ['all zeros', withPoint(form(4, Buffer.alloc(64))), ['key_ec_point_zero']],
    ['off the curve', withPoint(changed), ['key_ec_point_off_curve']],
    ['above the prime', withPoint(form(4, Buffer.alloc(64, 0xff))), ['key_ec_point_off_curve']],
  ])('%s', (_, spki, codes) => {
    expect(codesOf(spki)).toEqual(codes)
  })

  it('a fault keeps the curve readable', () => {
    expect(describePublicKey(withPoint(changed))).toMatchObject({
      kind: 'ec',
      curve: 'P-256',
      bits: 256,
    })
  })
})

describe('Ed25519 and ML-DSA', () => {
  const mlDsa = '2.16.840.1.101.3.4.3.17'
  const small = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ]

  it.each(small)('a point of small order: %s', (octets) => {
    expect(codesOf(spkiOf(ed25519, undefined, hex(octets)))).toEqual(['key_ed25519_small_order'])
  })

  it.each<[string, Buffer, string[]]>([
    ['parameters', spkiOf(ed25519, nullValue, edPublic.subarray(12)), ['key_parameters_present']],
    ['31 octets', spkiOf(ed25519, undefined, Buffer.alloc(31)), ['key_ed25519_length']],
    [
      'no such point',
      spkiOf(ed25519, undefined, hex(`02${'00'.repeat(31)}`)),
      ['key_ed25519_point'],
    ],
    [
      'y above the prime',
      spkiOf(ed25519, undefined, hex(`f0${'ff'.repeat(30)}7f`)),
      ['key_ed25519_point'],
    ],
    [
      'ML-DSA: parameters',
      spkiOf(mlDsa, nullValue, Buffer.alloc(1312)),
      ['key_parameters_present'],
    ],
    ['ML-DSA-65’s length', spkiOf(mlDsa, undefined, Buffer.alloc(1952)), ['key_ml_dsa_length']],
  ])('%s', (_, spki, codes) => {
    expect(codesOf(spki)).toEqual(codes)
  })
})

it('every one of 4000 damaged keys is read without an error, quickly', async () => {
  const random = seeded(7)
  const keys = [rsaPublic, p256Public, edPublic, (await keyAlgorithms['ml-dsa-44'].generate()).spki]
  keys.push(
    createPublicKey(createPrivateKey(testRsaPem(4096))).export({ type: 'spki', format: 'der' }),
  )
  const start = performance.now()
  for (let i = 0; i < 4000; i++) {
    const key = keys[i % keys.length] ?? Buffer.of()
    checkPublicKey(mutate(mutate(key, random), random), () => {})
  }
  expect((performance.now() - start) / 4000).toBeLessThan(5)
})
