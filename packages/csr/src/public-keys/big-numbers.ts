/**
 * The number that octets are, the first the highest, without a sign. Nothing here runs in constant
 * time: secret numbers pass through it only while a key is imported, never as a service to others.
 */
export function toNumber(octets: Buffer): bigint {
  return octets.length === 0 ? 0n : BigInt(`0x${octets.toString('hex')}`)
}

/** The octets of a number that is not negative: as few as it needs, or padded to `length`. */
export function octetsOf(value: bigint, length = 1): Buffer {
  const digits = value.toString(16)
  const even = digits.length + (digits.length % 2)
  return Buffer.from(digits.padStart(Math.max(even, 2 * length), '0'), 'hex')
}

/** Length of a number in bits; 0 for 0. */
export function bitLength(octets: Buffer): number {
  const at = octets.findIndex((octet) => octet !== 0)
  return at < 0 ? 0 : (octets.length - at) * 8 - (Math.clz32(octets[at] ?? 0) - 24)
}

/** `base` to the power of `exponent`, modulo `modulus`. */
export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** The largest whole number whose square is not above `value`, by Newton's method. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt(Math.ceil(value.toString(16).length * 2) + 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** The root of a square number; undefined for any other. */
export function exactRoot(value: bigint): bigint | undefined {
  if (value < 0n || !mayBeSquare(value)) return undefined
  const root = squareRoot(value)
  return root * root === value ? root : undefined
}

// Squares leave few remainders: this spares ninety-nine of a hundred numbers a root.
const moduli = [64, 63, 65, 11]
const squares = moduli.map(
  (modulus) => new Set(Array.from({ length: modulus }, (_, i) => (i * i) % modulus)),
)

function mayBeSquare(value: bigint): boolean {
  const low = Number(value & 63n)
  if (squares[0]?.has(low) === false) return false
  const rest = Number(value % 45045n)
  return moduli.every((modulus, i) => i === 0 || squares[i]?.has(rest % modulus) === true)
}
