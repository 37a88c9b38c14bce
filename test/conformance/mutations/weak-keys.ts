import { checkPrimeSync, createHash, generatePrimeSync } from 'node:crypto'
import { at, type Mutate } from './compose-csr.ts'
import { type Der, encode } from './der-tree.ts'
import { bits, hex, int, nothing, octetsOf, oid, seq } from './der-values.ts'

/**
 * RSA keys that nobody makes any more. They sign by arithmetic, as OpenSSL would take hardly one of
 * them as a private key.
 */

const rsaEncryption = seq(oid('1.2.840.113549.1.1.1'), nothing)
const rsaWithSha256 = seq(oid('1.2.840.113549.1.1.11'), nothing)
const digestInfo = hex('3031300d060960864801650304020105000420')
const primes: bigint[] = []

/** A prime of 1024 bits, the same one whenever it is asked for. */
export function prime(index: 0 | 1): bigint {
  const made = primes[index] ?? generatePrimeSync(1024, { bigint: true })
  primes[index] = made
  return made
}

/** The next prime that follows a number. */
export function primeAfter(number: bigint): bigint {
  let candidate = number + 1n + (number & 1n)
  while (!checkPrimeSync(candidate)) candidate += 2n
  return candidate
}

/** Two primes that make 2048 bits with a small factor. */
export function primesBeside(factor: bigint): [bigint, bigint] {
  return [prime(0), primeAfter((3n << 2046n) / (prime(0) * factor))]
}

/** A prime of 1024 bits as the library of CVE-2017-15361 made them: k·M + 65537^a mod M. */
export function rocaPrime(offset: bigint): bigint {
  const m = [...smallPrimes(168)].reduce((product, one) => product * one, 1n)
  const residue = power(65537n, 12345n, m)
  let k = (prime(0) - offset) / m
  while (!checkPrimeSync(k * m + residue)) k -= 1n
  return k * m + residue
}

/** Signs with an RSA key of these factors; a factor may be there twice. */
export function withRsaFactors(factors: () => readonly bigint[], exponent = 65537n): Mutate {
  return (csr) => {
    const all = factors()
    const modulus = all.reduce((product, one) => product * one, 1n)
    // Of a number with its factor squared, the exponents go round in factor times factor less 1.
    const order = all.reduce(
      (product, one, i) => product * (all.indexOf(one) < i ? one : one - 1n),
      1n,
    )
    const secret = inverse(exponent, order)
    const sign = (info: Buffer) => {
      const length = Math.ceil(modulus.toString(16).length / 2)
      return octetsOf(power(padded(info, length), secret, modulus), length)
    }
    return { ...withRsaNumbers(() => modulus, exponent)(csr), sign }
  }
}

/** An RSA key of these numbers, beside which the signature is another key's. */
export function withRsaNumbers(modulus: () => bigint, exponent: bigint): Mutate {
  return (csr) => ({
    ...at('key', rsaSpki(seq(int(modulus()), int(exponent))))(csr),
    algorithm: rsaWithSha256,
  })
}

/** SubjectPublicKeyInfo of rsaEncryption. */
function rsaSpki(key: Der): Der {
  return seq(rsaEncryption, bits(encode(key)))
}

/** EMSA-PKCS1-v1_5 (RFC 8017 section 9.2) with SHA-256. */
function padded(info: Buffer, length: number): bigint {
  const end = Buffer.concat([digestInfo, createHash('sha256').update(info).digest()])
  const start = Buffer.concat([Buffer.of(0, 1), Buffer.alloc(length - end.length - 3, 0xff)])
  return BigInt(`0x${Buffer.concat([start, Buffer.of(0), end]).toString('hex')}`)
}

function* smallPrimes(below: number): Generator<bigint> {
  for (let n = 2n; n < below; n++) if (checkPrimeSync(n)) yield n
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** The inverse of a number, by Euclid. */
function inverse(number: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [number % modulus, modulus, 1n, 0n]
  while (b > 0n) {
    const quotient = a / b
    ;[a, b, x, y] = [b, a - quotient * b, y, x - quotient * y]
  }
  return ((x % modulus) + modulus) % modulus
}
