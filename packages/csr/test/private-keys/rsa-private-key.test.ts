import {
  checkPrimeSync,
  createPrivateKey,
  generateKeyPairSync,
  generatePrimeSync,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readDer, readInteger } from '../../src/der/der-reader.ts'
import { integer, octetString, oid, sequence } from '../../src/der/der-writer.ts'
import { importPrivateKey } from '../../src/private-keys/import-private-key.ts'
import { PrivateKeyError } from '../../src/private-keys/private-key-error.ts'
import { integerOf, mutate, seeded, testRsaPem } from '../keys/key-material.ts'

const der = createPrivateKey(testRsaPem(2048)).export({ type: 'pkcs1', format: 'der' })
const [, n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dP = 0n, dQ = 0n, qInv = 0n] = readDer(
  der,
).children.map((child) => readInteger(child))
const good = { n, e, d, p, q, dP, dQ, qInv }
const key = (changes: Partial<typeof good>, version = 0) =>
  sequence([integer(version), ...Object.values({ ...good, ...changes }).map(integerOf)])

async function refused(input: Buffer): Promise<PrivateKeyError> {
  const error = await importPrivateKey(input).catch((reason: unknown) => reason)
  if (error instanceof PrivateKeyError) return error
  throw new Error('it was taken, or another error', { cause: error })
}

/** The inverse of a number, by Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % modulus) + modulus) % modulus
}

function keyOfPrimes(one: bigint, other: bigint) {
  const exponent = inverse(e, (one - 1n) * (other - 1n))
  return key({
    n: one * other,
    d: exponent,
    p: one,
    q: other,
    dP: exponent % (one - 1n),
    dQ: exponent % (other - 1n),
    qInv: inverse(other, one),
  })
}

it('the numbers as they are make a key', async () => {
  expect((await importPrivateKey(key({}))).algorithm).toBe('rsa-2048')
})

describe('numbers that do not belong together', () => {
  it.each<[string, Buffer, RegExp]>([
    ['p', key({ p: p + 2n }), /not the product of the primes/],
    ['p = q', key({ q: p }), /primes of the RSA key are the same/],
    ['p even', key({ p: p + 1n }), /even/],
    ['p = 1', key({ p: 1n, q: n }), /below 3/],
    ['p = 0', key({ p: 0n }), /below 3/],
    ['d', key({ d: d + 2n }), /not the inverse of the public one/],
    ['dP', key({ dP: dP + 1n }), /first CRT exponent/],
    ['dQ', key({ dQ: dQ + (q - 1n) }), /second CRT exponent/],
    ['qInv', key({ qInv: qInv + p }), /CRT coefficient/],
    ['a number longer than the modulus', key({ dP: 1n << 2100n }), /longer than its modulus/],
  ])('%s', async (_, input, message) => {
    const error = await refused(input)
    expect(error.code).toBe('inconsistent_key')
    expect(error.message).toMatch(message)
  })

  it('all faults are told at once', async () => {
    const { faults } = await refused(key({ dP: dP + 1n, dQ: dQ + 1n, qInv: qInv + 1n }))
    expect(faults).toHaveLength(3)
  })

  it('a factor that is not prime', async () => {
    // Every congruence holds, as d was made for these factors; only the test of primes tells.
    const prime = (bits: number) => generatePrimeSync(bits, { bigint: true })
    const composite = prime(512) * prime(512)
    const target = (3n << 2046n) / composite
    let other = target | 1n
    while (!checkPrimeSync(other)) other += 2n
    const error = await refused(keyOfPrimes(composite, other))
    expect(error.code).toBe('inconsistent_key')
    expect(error.message).toMatch(/not prime/)
  })
})

describe('weak keys', () => {
  const close = () => {
    let next = p + 2n
    while (!checkPrimeSync(next)) next += 2n
    return keyOfPrimes(p, next)
  }

  it.each<[string, () => Buffer, string]>([
    ['1024 bits', () => rsaPkcs1(1024), 'key_rsa_modulus_short'],
    ['e = 3', () => key({ e: 3n }), 'key_rsa_exponent_small'],
    ['close primes', close, 'key_rsa_close_primes'],
    [
      'a factor of 3',
      () => key({ n: 3n * (n / 3n) + 3n * BigInt((n / 3n) % 2n === 0n) }),
      'key_rsa_small_factor',
    ],
  ])('%s', async (_, input, code) => {
    const error = await refused(input())
    expect(error.code).toBe('weak_key')
    expect(error.faults.map((fault) => fault.code)).toContain(code)
  })

  it('a prime that is far too short', async () => {
    const short = generatePrimeSync(512, { bigint: true })
    for (;;) {
      const long = generatePrimeSync(1536, { bigint: true })
      if ((short * long).toString(2).length !== 2048) continue
      const error = await refused(keyOfPrimes(long, short))
      expect(error.message).toMatch(/far fewer bits/)
      expect(error.code).toBe('weak_key')
      return
    }
  })

  it('another exponent than 65537 is sound, and not in the table', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 65539 })
    const error = await refused(pair.privateKey.export({ type: 'pkcs1', format: 'der' }))
    expect(error.code).toBe('unsupported_key')
  })
})

it.each<[string, Buffer, string]>([
  [
    'three primes',
    sequence([integer(1), ...Object.values(good).map(integerOf), sequence([])]),
    'unsupported_form',
  ],
  ['version 1', key({}, 1), 'malformed_der'],
  [
    'a number missing',
    sequence([integer(0), ...Object.values(good).slice(1).map(integerOf)]),
    'malformed_der',
  ],
])('structure: %s', async (_, input, code) => {
  expect((await refused(input)).code).toBe(code)
})

it('PKCS #8 of an RSA key without NULL is refused', async () => {
  const bare = sequence([oid('1.2.840.113549.1.1.1')])
  const error = await refused(sequence([integer(0), bare, octetString(der)]))
  expect(error.message).toMatch(/not NULL/)
})

it('hundreds of damaged keys: only PrivateKeyError, and quickly', async () => {
  const random = seeded(11)
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
  const inputs = [
    der,
    Buffer.from(testRsaPem(2048)),
    ec.export({ type: 'pkcs8', format: 'der' }),
    ec.export({ type: 'sec1', format: 'der' }),
    generateKeyPairSync('ml-dsa-44').privateKey.export({ type: 'pkcs8', format: 'der' }),
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }),
  ]
  const start = performance.now()
  for (let i = 0; i < 600; i++) {
    const input = mutate(inputs[i % inputs.length] ?? der, random)
    const error = await importPrivateKey(input).catch((reason: unknown) => reason)
    // Damage to a seed or a password's salt is another good key: those are taken.
    if (error instanceof Error) expect(error).toBeInstanceOf(PrivateKeyError)
  }
  expect((performance.now() - start) / 600).toBeLessThan(20)
})

function rsaPkcs1(modulusLength: number): Buffer {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength })
  return privateKey.export({ type: 'pkcs1', format: 'der' })
}
