import { exactRoot, squareRoot } from './big-numbers.ts'

const fermatRounds = 100

/**
 * A prime factor from 3 to 751, undefined if there is none (CA/B Baseline Requirements 6.1.6).
 */
export function smallFactor(modulus: bigint): number | undefined {
  const { smallPrimes, product } = smallPrimeTable()
  // One division of the whole modulus; what is left is an eighth of it or less.
  const rest = modulus % product
  return smallPrimes.find((prime) => rest % BigInt(prime) === 0n)
}

/**
 * Whether Fermat's method factors an odd modulus within 100 rounds: its primes are close together.
 * A square is left to `exactRoot`.
 */
export function hasClosePrimes(modulus: bigint): boolean {
  let a = squareRoot(modulus)
  if (a * a < modulus) a += 1n
  let difference = a * a - modulus
  for (let round = 0; round < fermatRounds; round++) {
    if (exactRoot(difference) !== undefined) return true
    difference += 2n * a + 1n
    a += 1n
  }
  return false
}

/**
 * Whether a modulus has the mark of the keys of CVE-2017-15361 (ROCA): modulo each prime from 3 to
 * 167 it is a power of 65537, as their primes are k·M + 65537^a mod M, with M the product of the
 * first primes. Of other keys about one in 2^27 has it. M. Nemec et al., "The Return of
 * Coppersmith's Attack", section 3.
 */
export function hasRocaMark(modulus: bigint): boolean {
  return rocaTable().every(({ prime, powers }) => powers.has(Number(modulus % BigInt(prime))))
}

type SmallPrimes = { smallPrimes: number[]; product: bigint }
let smallPrimeTableMade: SmallPrimes | undefined

function smallPrimeTable(): SmallPrimes {
  smallPrimeTableMade ??= makeSmallPrimeTable()
  return smallPrimeTableMade
}

function makeSmallPrimeTable(): SmallPrimes {
  const smallPrimes: number[] = []
  for (let n = 3; n < 752; n += 2) {
    if (smallPrimes.every((prime) => n % prime !== 0)) smallPrimes.push(n)
  }
  return { smallPrimes, product: smallPrimes.reduce((all, prime) => all * BigInt(prime), 1n) }
}

let rocaTableMade: { prime: number; powers: Set<number> }[] | undefined

function rocaTable() {
  rocaTableMade ??= smallPrimeTable()
    .smallPrimes.filter((prime) => prime <= 167)
    .map((prime) => ({ prime, powers: powersOf65537(prime) }))
  return rocaTableMade
}

function powersOf65537(prime: number): Set<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * (65537 % prime)) % prime) {
    powers.add(power)
  }
  return powers
}
