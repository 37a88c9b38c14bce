import { createPublicKey, getCurves } from 'node:crypto'
import { type DerElement, readOid, tags } from '../der/der-reader.ts'
import { bitString, oid as encodeOid, sequence } from '../der/der-writer.ts'
import { type Curve, type CurveEquation, curves, isOnCurve } from '../keys/ec-curves.ts'
import { keyOids } from '../keys/key-oids.ts'
import { toNumber } from './big-numbers.ts'
import type { KeyPart } from './key-part.ts'

/** An EC key: RFC 5480, SEC 1 section 3.2.2.1. The point's equation is computed for the NIST curves. */
export function checkEcKey({ parameters, octets, report }: KeyPart): {
  bits?: number
  curve?: string
} {
  if (parameters?.tag !== tags.oid) {
    checkUnnamed(parameters, report)
    return {}
  }
  const oid = readOid(parameters)
  const curve = curves.get(oid)
  if (curve === undefined) {
    const message = `The curve ${oid} is not known here; P-256, P-384 or P-521 is taken everywhere.`
    report('key_ec_curve_unusual', message)
    return { curve: oid }
  }
  checkCurve(curve, report)
  checkPoint(curve, octets, report)
  if (curve.equation === undefined && isRefused(curve, oid, octets)) {
    report('key_ec_point_off_curve', 'The EC point is not on its curve; the key is damaged.')
  }
  return { bits: curve.bits, curve: curve.name }
}

const knownToOpenssl: ReadonlySet<string> = new Set(getCurves())

/** Whether OpenSSL, which knows the equations of curves that are not accepted here, refuses a key. */
function isRefused({ name }: Curve, curve: string, point: Buffer): boolean {
  if (point[0] !== 4 || !knownToOpenssl.has(name === 'P-224' ? 'secp224r1' : name)) return false
  const identifier = sequence([encodeOid(keyOids.ec), encodeOid(curve)])
  try {
    createPublicKey({ key: sequence([identifier, bitString(point)]), format: 'der', type: 'spki' })
    return false
  } catch {
    return true
  }
}

function checkUnnamed(parameters: DerElement | undefined, report: KeyPart['report']): void {
  if (parameters?.tag === tags.null) {
    report('key_ec_parameters_implicit', 'The EC key leaves its curve open (NULL); name it.')
  } else if (parameters?.tag === tags.sequence) {
    const message = 'The EC key has its curve written out; the name of the curve is needed.'
    report('key_ec_parameters_explicit', message)
  } else {
    report('key_ec_parameters_missing', 'The EC key does not say its curve; its name is needed.')
  }
}

function checkCurve({ name, bits, equation }: Curve, report: KeyPart['report']): void {
  if (bits < 224) {
    report('key_ec_curve_weak', `The curve ${name} has ${bits} bits; at least 224 are needed.`)
  } else if (equation === undefined) {
    const message = `The curve is ${name}; only P-256, P-384 and P-521 are taken everywhere.`
    report('key_ec_curve_unusual', message)
  }
}

const compressed = [2, 3]
const hybrid = [6, 7]

function checkPoint({ bits, equation }: Curve, octets: Buffer, report: KeyPart['report']): void {
  const form = octets[0] ?? 0
  if (form === 0 && octets.length <= 1) {
    report('key_ec_point_infinity', 'The EC key is the point at infinity or empty; no key is.')
    return
  }
  if (form !== 4) {
    const message = `The EC point is ${nameOf(form)}; an uncompressed one (04) is needed.`
    report('key_ec_point_form', message)
  }
  const length = Math.ceil(bits / 8)
  const coordinates = compressed.includes(form) ? 1 : 2
  if (octets.length !== 1 + coordinates * length) {
    const needed = 1 + 2 * length
    const message = `The EC point has ${octets.length} octets; ${needed} are needed on its curve.`
    report('key_ec_point_length', message)
  } else if (coordinates === 2) checkCoordinates(equation, octets.subarray(1), report)
}

function checkCoordinates(
  equation: CurveEquation | undefined,
  both: Buffer,
  report: KeyPart['report'],
): void {
  if (both.every((octet) => octet === 0)) {
    report('key_ec_point_zero', 'The coordinates of the EC point are all zeros; no key has them.')
    return
  }
  const x = toNumber(both.subarray(0, both.length / 2))
  const y = toNumber(both.subarray(both.length / 2))
  if (equation !== undefined && !isOnCurve(equation, x, y)) {
    report('key_ec_point_off_curve', 'The EC point is not on its curve; the key is damaged.')
  }
}

function nameOf(form: number): string {
  if (compressed.includes(form)) return 'compressed'
  return hybrid.includes(form) ? 'in the hybrid form' : 'in no form that there is'
}
