import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { type DerElement, readBitString, readDer, readOid, tags } from '../der/der-reader.ts'
import { integer, octetString, oid, sequence, tagged } from '../der/der-writer.ts'
import { type Curve, curves } from '../keys/ec-curves.ts'
import { toNumber } from '../public-keys/big-numbers.ts'
import { PrivateKeyError, type PrivateKeyFault, refusal } from './private-key-error.ts'
import type { PrivateKeyInfo, ReadPrivateKey } from './private-key-info.ts'
import { asPrivateKeyError, readPrivateDer } from './read-private-der.ts'

const allowed = 'P-256, P-384 and P-521 are allowed, by their names'

/**
 * An EC private key (RFC 5915) on one of the table's curves. Its public point is always computed
 * anew; the one in the file, if any, is left to the caller to compare.
 *
 * @throws PrivateKeyError malformed_der, unsupported_key, inconsistent_key
 */
export function readEcPrivateKey(info: PrivateKeyInfo): ReadPrivateKey {
  const { scalar, parameters, publicKey } = readFields(info.key)
  const { curve, curveOid } = namedCurve([info.parameters, parameters])
  const length = Math.ceil(curve.bits / 8)
  if (scalar.length !== length) {
    const message = `The private value has ${scalar.length} octets; ${length} are needed.`
    throw refusal('malformed_der', message)
  }
  const value = toNumber(scalar)
  if (value < 1n || value >= (curve.equation?.order ?? 0n)) {
    const message = 'The private value is not from 1 to the curve’s order less 1.'
    throw refusal('inconsistent_key', message)
  }
  const bare = fromScalar(scalar, curveOid, [])
  const spki = createPublicKey(bare).export({ type: 'spki', format: 'der' })
  const point = readDer(spki).children[1]?.encoded
  // OpenSSL would leave the point out of what it exports, and some programs need it there.
  const privateKey = point === undefined ? bare : fromScalar(scalar, curveOid, [tagged(1, [point])])
  return { privateKey, publicKey }
}

function readFields(key: Buffer) {
  const { tag, children } = readPrivateDer(key)
  const [version, scalar, ...rest] = children
  const outline = rest.map((field) => field.tag.toString(16)).join()
  const good =
    tag === tags.sequence &&
    version?.tag === tags.integer &&
    version.content.equals(Buffer.of(1)) &&
    scalar?.tag === tags.octetString &&
    ['', 'a0', 'a1', 'a0,a1'].includes(outline) &&
    rest.every((field) => field.children.length === 1)
  if (!good) throw refusal('malformed_der', 'The EC key is not ECPrivateKey (RFC 5915).')
  const inner = (wanted: number) => rest.find((field) => field.tag === wanted)?.children[0]
  const point = inner(0xa1)
  return {
    scalar: scalar.content,
    parameters: inner(0xa0),
    publicKey: point && asPrivateKeyError(() => readBitString(point)),
  }
}

// The curve can stand around the key, in it, or both: then it is the same.
function namedCurve(places: (DerElement | undefined)[]): { curve: Curve; curveOid: string } {
  const [first, second = first] = places.filter((place) => place !== undefined)
  if (first === undefined || second === undefined) {
    throw curveRefusal(
      'key_ec_parameters_missing',
      `The EC key does not say its curve; ${allowed}.`,
    )
  }
  if (first.tag === tags.sequence || second.tag === tags.sequence) {
    const message = `The EC key has its curve written out; ${allowed}.`
    throw curveRefusal('key_ec_parameters_explicit', message)
  }
  const curveOid = asPrivateKeyError(() => readOid(first))
  if (!second.encoded.equals(first.encoded)) {
    throw refusal('inconsistent_key', 'The EC key names two different curves.')
  }
  const curve = curves.get(curveOid)
  if (curve?.equation !== undefined) return { curve, curveOid }
  const message = `The curve of the EC key is ${curve?.name ?? 'not known here'}; ${allowed}.`
  throw curveRefusal('key_ec_curve_unusual', message)
}

function curveRefusal(code: PrivateKeyFault['code'], message: string): PrivateKeyError {
  return new PrivateKeyError('unsupported_key', [{ code, message }])
}

// The scalar is copied into its place, so that no other copy of it is left behind.
function fromScalar(scalar: Buffer, curveOid: string, more: Buffer[]): KeyObject {
  const after = [tagged(0, [oid(curveOid)]), ...more]
  const der = sequence([integer(1), octetString(Buffer.alloc(scalar.length)), ...after])
  scalar.copy(der, der.length - Buffer.concat(after).length - scalar.length)
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'sec1' })
  } finally {
    der.fill(0)
  }
}
