import { modularPower, toNumber } from './big-numbers.ts'
import type { KeyPart } from './key-part.ts'

const prime = 2n ** 255n - 19n
const d = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n
const signBit = 1n << 255n

// The y of a point of order 8; its negative is the other one.
const orderEight = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n

/** The y coordinates of the eight points of small order. */
const smallOrder = new Set([0n, 1n, prime - 1n, orderEight, prime - orderEight])

/** Whether 32 octets are a point of the curve that a key can be: RFC 8032 section 5.1.3. */
export function checkEd25519Point(octets: Buffer, report: KeyPart['report']): void {
  const encoded = toNumber(Buffer.from(octets).reverse())
  const y = encoded & (signBit - 1n)
  if (smallOrder.has(y % prime)) {
    const message = 'The Ed25519 key is a point of small order; anything verifies with it.'
    report('key_ed25519_small_order', message)
  } else if (y >= prime || !hasX(y)) {
    report('key_ed25519_point', 'The Ed25519 key is not a point of the curve; it is damaged.')
  }
}

// x² = (y² - 1) / (d y² + 1) has a root when numerator times denominator is a square (Euler).
function hasX(y: bigint): boolean {
  const square = (y * y) % prime
  const product = ((square + prime - 1n) * (d * square + 1n)) % prime
  return modularPower(product, (prime - 1n) / 2n, prime) === 1n
}
