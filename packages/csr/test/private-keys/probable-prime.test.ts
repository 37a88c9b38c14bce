import { checkPrimeSync, generatePrimeSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { isProbablePrime } from '../../src/private-keys/probable-prime.ts'

const prime = (bits: number) => generatePrimeSync(bits, { bigint: true })

it.each([768, 1024, 1536])('a prime of %i bits passes', (bits) => {
  expect(isProbablePrime(prime(bits))).toBe(true)
})

it('products of primes, and squares, do not', () => {
  const p = prime(512)
  for (const composite of [p * prime(512), p * p, p * 3n, p * p * p]) {
    expect(isProbablePrime(composite)).toBe(false)
  }
})

it('a Carmichael number, which the test of Fermat takes for a prime, does not', () => {
  // (6k + 1)(12k + 1)(18k + 1) is one where its three factors are prime (Chernick).
  const k = 2n ** 180n + 272564n
  const factors = [6n * k + 1n, 12n * k + 1n, 18n * k + 1n]
  expect(factors.every((factor) => checkPrimeSync(factor))).toBe(true)
  expect(isProbablePrime(factors.reduce((all, factor) => all * factor, 1n))).toBe(false)
})
