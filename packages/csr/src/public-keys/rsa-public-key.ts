import { type DerElement, readDer, tags } from '../der/der-reader.ts'
import { bitLength, exactRoot, toNumber } from './big-numbers.ts'
import type { KeyPart } from './key-part.ts'
import { hasClosePrimes, hasRocaMark, smallFactor } from './rsa-weakness.ts'

const longest = 8192
const usual = [2048, 3072, 4096]

/** An RSA key for every use: RFC 3279 section 2.3.1 and what `checkRsaNumbers` looks at. */
export function checkRsaKey(part: KeyPart): { bits?: number } {
  checkParameters(part.parameters, part.report)
  return checkRsaNumbers(part)
}

/**
 * Modulus and exponent: RFC 8017 appendix A.1.1, CA/B Baseline Requirements 6.1.5 and 6.1.6. Above
 * 8192 bits nothing is computed, so that no modulus costs much.
 */
export function checkRsaNumbers({ octets, report }: KeyPart): { bits?: number } {
  const numbers = readNumbers(octets)
  if (numbers === undefined) {
    report('key_rsa_malformed', 'The RSA key is not SEQUENCE { modulus, publicExponent }.')
    return {}
  }
  const { modulus, exponent } = numbers
  checkForm('modulus', modulus, report)
  checkForm('exponent', exponent, report)
  checkSize(bitLength(modulus), report)
  checkExponent(exponent, report)
  checkModulus(modulus, report)
  return { bits: bitLength(modulus) }
}

function checkParameters(parameters: DerElement | undefined, report: KeyPart['report']): void {
  if (parameters?.tag === tags.null && parameters.content.length === 0) return
  const found = parameters === undefined ? 'missing' : 'not NULL'
  report('key_rsa_parameters', `The parameters of the RSA key are ${found}; NULL is needed.`)
}

function readNumbers(octets: Buffer): { modulus: Buffer; exponent: Buffer } | undefined {
  try {
    const { tag, children } = readDer(octets)
    const [modulus, exponent, ...more] = children
    const isPair = tag === tags.sequence && isNumber(modulus) && isNumber(exponent)
    if (!isPair || more.length > 0) return undefined
    return { modulus: modulus.content, exponent: exponent.content }
  } catch {
    return undefined
  }
}

function isNumber(element: DerElement | undefined): element is DerElement {
  return element?.tag === tags.integer && element.content.length > 0
}

// A number that came out negative is one whose leading zero was forgotten: it goes on as it was
// meant, as OpenSSL reads it.
function checkForm(name: string, octets: Buffer, report: KeyPart['report']): void {
  const [first = 0, second = 0] = octets
  if (first >= 0x80) {
    const message = `The RSA ${name} is negative; a zero octet has to stand before its first bit.`
    report('key_rsa_integer_negative', message)
  }
  if (octets.length > 1 && first === 0 && second < 0x80) {
    const message = `The RSA ${name} has an octet more than it needs; the shortest form is needed.`
    report('key_rsa_integer_not_minimal', message)
  }
}

function checkSize(bits: number, report: KeyPart['report']): void {
  const start = `The RSA modulus has ${bits} bits;`
  if (bits < 2048) report('key_rsa_modulus_short', `${start} at least 2048 are needed.`)
  if (bits % 8 !== 0) report('key_rsa_modulus_octets', `${start} a multiple of 8 is needed.`)
  if (bits > longest) {
    report('key_rsa_modulus_long', `${start} CAs take at most ${longest}, most of them 4096.`)
  } else if (bits > 2048 && bits % 8 === 0 && !usual.includes(bits)) {
    report('key_rsa_modulus_unusual', `${start} 2048, 3072 and 4096 are taken everywhere.`)
  }
}

function checkExponent(octets: Buffer, report: KeyPart['report']): void {
  const start = 'The RSA public exponent'
  if (((octets.at(-1) ?? 0) & 1) === 0) {
    report('key_rsa_exponent_even', `${start} is even; an odd one is needed.`)
  }
  if (bitLength(octets) > 256) {
    report('key_rsa_exponent_large', `${start} has more than 256 bits; 65537 is the usual one.`)
    return
  }
  const exponent = toNumber(octets)
  if (exponent < 65537n) {
    report('key_rsa_exponent_small', `${start} is ${exponent}; at least 65537 is needed.`)
  } else if (exponent !== 65537n) {
    report('key_rsa_exponent_unusual', `${start} is not 65537; some programs take no other.`)
  }
}

function checkModulus(octets: Buffer, report: KeyPart['report']): void {
  if (((octets.at(-1) ?? 0) & 1) === 0) {
    report('key_rsa_modulus_even', 'The RSA modulus is even; the product of two primes is needed.')
  }
  if (bitLength(octets) > longest || bitLength(octets) < 16) return
  const modulus = toNumber(octets)
  const factor = smallFactor(modulus)
  if (factor !== undefined) {
    const message = `The RSA modulus can be divided by ${factor}; no factor below 752 is allowed.`
    report('key_rsa_small_factor', message)
  }
  if (exactRoot(modulus) !== undefined) {
    report('key_rsa_square', 'The RSA modulus is a square; two different primes are needed.')
  } else if ((modulus & 1n) === 1n && hasClosePrimes(modulus)) {
    const message = 'The primes of the RSA modulus are too close: Fermat’s method finds them.'
    report('key_rsa_close_primes', message)
  }
  if (hasRocaMark(modulus)) {
    const message = 'The RSA modulus has the mark of CVE-2017-15361 (ROCA); make a new key.'
    report('key_rsa_roca', message)
  }
}
