/** y² = x³ - 3x + b modulo a prime; `order` is that of the curve's points (SEC 2, FIPS 186-5). */
export type CurveEquation = { prime: bigint; b: bigint; order: bigint }

/** A named curve; `bits` are those of its field, `equation` is there for those that are accepted. */
export type Curve = { name: string; bits: number; equation?: CurveEquation }

/** Names of the curves that are accepted. */
export type UsualCurveName = 'P-256' | 'P-384' | 'P-521'

const p256: CurveEquation = {
  prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
}

const p384: CurveEquation = {
  prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  b: BigInt(
    '0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef',
  ),
  order: BigInt(
    '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ),
}

const p521: CurveEquation = {
  prime: 2n ** 521n - 1n,
  b: BigInt(
    '0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00',
  ),
  order: BigInt(
    '0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  ),
}

/** The curves that are accepted (FIPS 186-5, RFC 5480 section 2.1.1.1); `oid` is dotted. */
export const usualCurves: Readonly<
  Record<UsualCurveName, Required<Curve> & { oid: string; name: UsualCurveName }>
> = {
  'P-256': { name: 'P-256', oid: '1.2.840.10045.3.1.7', bits: 256, equation: p256 },
  'P-384': { name: 'P-384', oid: '1.3.132.0.34', bits: 384, equation: p384 },
  'P-521': { name: 'P-521', oid: '1.3.132.0.35', bits: 521, equation: p521 },
}

/** Named curves by their object identifiers: SEC 2, RFC 5480, RFC 5639, GB/T 32918. */
export const curves: ReadonlyMap<string, Curve> = new Map<string, Curve>([
  ...Object.values(usualCurves).map((curve) => [curve.oid, curve] as const),
  ['1.2.840.10045.3.1.1', { name: 'P-192', bits: 192 }],
  ['1.3.132.0.33', { name: 'P-224', bits: 224 }],
  ['1.3.132.0.8', { name: 'secp160r1', bits: 160 }],
  ['1.3.132.0.9', { name: 'secp160k1', bits: 160 }],
  ['1.3.132.0.30', { name: 'secp160r2', bits: 160 }],
  ['1.3.132.0.31', { name: 'secp192k1', bits: 192 }],
  ['1.3.132.0.32', { name: 'secp224k1', bits: 224 }],
  ['1.3.132.0.10', { name: 'secp256k1', bits: 256 }],
  ['1.3.132.0.1', { name: 'sect163k1', bits: 163 }],
  ['1.3.132.0.15', { name: 'sect163r2', bits: 163 }],
  ['1.3.132.0.26', { name: 'sect233k1', bits: 233 }],
  ['1.3.132.0.27', { name: 'sect233r1', bits: 233 }],
  ['1.3.132.0.16', { name: 'sect283k1', bits: 283 }],
  ['1.3.132.0.17', { name: 'sect283r1', bits: 283 }],
  ['1.3.132.0.36', { name: 'sect409k1', bits: 409 }],
  ['1.3.132.0.37', { name: 'sect409r1', bits: 409 }],
  ['1.3.132.0.38', { name: 'sect571k1', bits: 571 }],
  ['1.3.132.0.39', { name: 'sect571r1', bits: 571 }],
  ['1.3.36.3.3.2.8.1.1.1', { name: 'brainpoolP160r1', bits: 160 }],
  ['1.3.36.3.3.2.8.1.1.3', { name: 'brainpoolP192r1', bits: 192 }],
  ['1.3.36.3.3.2.8.1.1.5', { name: 'brainpoolP224r1', bits: 224 }],
  ['1.3.36.3.3.2.8.1.1.7', { name: 'brainpoolP256r1', bits: 256 }],
  ['1.3.36.3.3.2.8.1.1.9', { name: 'brainpoolP320r1', bits: 320 }],
  ['1.3.36.3.3.2.8.1.1.11', { name: 'brainpoolP384r1', bits: 384 }],
  ['1.3.36.3.3.2.8.1.1.13', { name: 'brainpoolP512r1', bits: 512 }],
  ['1.2.156.10197.1.301', { name: 'SM2', bits: 256 }],
])

/** Whether a point is one of the curve's; coordinates at or above the prime are not. */
export function isOnCurve({ prime, b }: CurveEquation, x: bigint, y: bigint): boolean {
  if (x >= prime || y >= prime) return false
  return (y * y - (x * x * x - 3n * x + b)) % prime === 0n
}
