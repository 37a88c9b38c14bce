import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import { octetsOf, toNumber } from '../public-keys/big-numbers.ts'

// Of the random composites of this size far fewer than one in 2^100 pass five rounds (FIPS 186-5
// table B.1); of those that someone chose, one in 2^10.
const rounds = 5

/**
 * Whether an odd number of 512 to 3072 bits is probably prime: Miller and Rabin's test with random
 * bases (FIPS 186-5 appendix B.3.1). `checkPrime` of node:crypto makes 64 rounds at least, which
 * for an RSA-4096 key is as much work as a new key; a number from a key whose owner vouches for it
 * needs fewer.
 */
export function isProbablePrime(candidate: bigint): boolean {
  const shifts = trailingZeros(candidate - 1n)
  const power = powerModulo(candidate, (candidate - 1n) >> BigInt(shifts))
  for (let round = 0; round < rounds; round++) {
    if (!passes(candidate, shifts, power)) return false
  }
  return true
}

function passes(candidate: bigint, shifts: number, power: (base: bigint) => bigint): boolean {
  const random = toNumber(randomBytes(octetsOf(candidate).length))
  let value = power(2n + (random % (candidate - 3n)))
  if (value === 1n) return true
  for (let i = 0; i < shifts; i++) {
    if (value === candidate - 1n) return true
    value = (value * value) % candidate
  }
  return false
}

function trailingZeros(value: bigint): number {
  let zeros = 0
  while (((value >> BigInt(zeros)) & 1n) === 0n) zeros++
  return zeros
}

// RSA without padding is a power and nothing else, and OpenSSL's takes a tenth of BigInt's time.
// The texts of the JWK cannot be wiped, as little as the numbers that they are made of.
function powerModulo(modulus: bigint, exponent: bigint): (base: bigint) => bigint {
  const text = (value: bigint) => octetsOf(value).toString('base64url')
  const jwk = { kty: 'RSA', n: text(modulus), e: text(exponent) }
  const key = createPublicKey({ format: 'jwk', key: jwk })
  const { length } = octetsOf(modulus)
  return (base) => {
    const octets = octetsOf(base, length)
    return toNumber(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, octets))
  }
}
