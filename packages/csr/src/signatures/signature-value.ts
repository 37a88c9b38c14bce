import { readDer, tags } from '../der/der-reader.ts'
import { usualCurves } from '../keys/ec-curves.ts'
import { keyAlgorithms } from '../keys/key-algorithms.ts'
import { bitLength, toNumber } from '../public-keys/big-numbers.ts'
import type { PublicKeyFacts } from '../public-keys/public-key.ts'
import type { SignatureScheme } from './signature-algorithms.ts'
import type { SignatureFindingCode } from './signature-findings.ts'

/** How the numbers of an ECDSA signature are written. */
export type EcdsaEncoding = 'der' | 'raw'

type SignatureReport = (code: SignatureFindingCode, message: string) => void

/** Looks at the form of a signature's value; says how an ECDSA signature is written. */
export function checkSignatureValue(
  scheme: SignatureScheme,
  signature: Buffer,
  key: PublicKeyFacts,
  report: SignatureReport,
): EcdsaEncoding {
  if (scheme === 'ecdsa') return checkEcdsaValue(signature, key, report)
  const length = lengthOf(scheme, key)
  if (length !== undefined && signature.length !== length) {
    const message = `The signature has ${signature.length} octets; ${length} are needed.`
    report('signature_length', message)
  }
  return 'der'
}

function lengthOf(scheme: SignatureScheme, key: PublicKeyFacts): number | undefined {
  if (scheme === 'pure') {
    return key.algorithm && keyAlgorithms[key.algorithm].signatureLength.max
  }
  return scheme === 'dsa' || key.bits === undefined ? undefined : Math.ceil(key.bits / 8)
}

function checkEcdsaValue(
  signature: Buffer,
  key: PublicKeyFacts,
  report: SignatureReport,
): EcdsaEncoding {
  const numbers = readNumbers(signature)
  if (numbers === undefined) {
    if (key.bits !== undefined && signature.length === 2 * Math.ceil(key.bits / 8)) {
      const message = 'The ECDSA signature is r and s one after the other; DER is needed.'
      report('signature_ecdsa_raw', message)
      return 'raw'
    }
    report('signature_ecdsa_malformed', 'The ECDSA signature is not SEQUENCE { r, s } in DER.')
  } else if (!numbers.every((number) => isInRange(number, key))) {
    const message = 'r or s of the ECDSA signature is not from 1 to the curve’s order less 1.'
    report('signature_ecdsa_range', message)
  }
  return 'der'
}

/** The octets of r and s; undefined unless they are INTEGERs in the shortest form. */
function readNumbers(signature: Buffer): Buffer[] | undefined {
  try {
    const { tag, children } = readDer(signature)
    const good =
      tag === tags.sequence &&
      children.length === 2 &&
      children.every((child) => child.tag === tags.integer && isMinimal(child.content))
    return good ? children.map(({ content }) => content) : undefined
  } catch {
    return undefined
  }
}

function isMinimal(octets: Buffer): boolean {
  const [first, second = 0] = octets
  if (first === undefined) return false
  return (
    octets.length === 1 || !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  )
}

function isInRange(octets: Buffer, { curve, bits = 571 }: PublicKeyFacts): boolean {
  if ((octets[0] ?? 0) >= 0x80) return false
  // Before any arithmetic: a number far too long is refused by its length.
  if (bitLength(octets) > bits + 1) return false
  const order = Object.values(usualCurves).find(({ name }) => name === curve)?.equation.order
  const number = toNumber(octets)
  return number > 0n && (order === undefined || number < order)
}
