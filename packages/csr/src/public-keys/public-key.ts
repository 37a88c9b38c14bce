import {
  type DerElement,
  type DerReport,
  readDer,
  readOid,
  refuse,
  tags,
} from '../der/der-reader.ts'
import { keyAlgorithmOfSpki } from '../keys/check-spki.ts'
import { isPure, type KeyAlgorithmName, keyAlgorithms } from '../keys/key-algorithms.ts'
import { keyOids } from '../keys/key-oids.ts'
import type { Report } from '../lint/finding.ts'
import { checkEcKey } from './ec-public-key.ts'
import type { KeyPart } from './key-part.ts'
import type { PublicKeyFindingCode } from './public-key-findings.ts'
import { checkPureKey } from './pure-public-key.ts'
import { checkRsaKey, checkRsaNumbers } from './rsa-public-key.ts'

/** Kinds of public keys that are told apart. */
export type KeyKind = 'rsa' | 'ec' | 'ed25519' | 'ed448' | 'ml-dsa' | 'dsa' | 'rsa-pss' | 'unknown'

/** What a public key is, as far as it could be read. */
export type PublicKeyFacts = {
  /** The algorithm of the table that it is a key of; undefined for any other. */
  algorithm: KeyAlgorithmName | undefined
  kind: KeyKind
  /** The object identifier of its algorithm, dotted; undefined if there is none to read. */
  oid: string | undefined
  /** RSA: of the modulus; EC: of the curve's field. */
  bits?: number
  /** Name of the curve (`P-256`), or the object identifier of one that is not known. */
  curve?: string
}

type Kind = {
  kind: KeyKind
  /** What such keys are called in a sentence. */
  title: string
  check: (part: KeyPart) => { bits?: number; curve?: string }
}

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [keyOids.rsa, { kind: 'rsa', title: 'RSA', check: checkRsaKey }],
  [keyOids.ec, { kind: 'ec', title: 'EC', check: checkEcKey }],
  ...pureKinds(),
  [keyOids.ed448, { kind: 'ed448', title: 'Ed448', check: checkEd448Key }],
  [keyOids.rsaPss, { kind: 'rsa-pss', title: 'RSASSA-PSS', check: checkPssKey }],
  [keyOids.dsa, { kind: 'dsa', title: 'DSA', check: checkDsaKey }],
])

function pureKinds(): [string, Kind][] {
  return Object.values(keyAlgorithms).flatMap((algorithm): [string, Kind][] => {
    if (!isPure(algorithm)) return []
    const { oid, kind, title } = algorithm
    return [[oid, { kind, title, check: (part) => checkPureKey(algorithm, part) }]]
  })
}

/** What the keys of an algorithm are called in a sentence: `EC`; of one not known its identifier. */
export function keyTitleOf(oid: string): string {
  return kinds.get(oid)?.title ?? oid
}

/**
 * What a public key is. `spki` is DER of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7); any
 * other bytes are of the kind `unknown`. Never throws.
 *
 * @example
 * ```ts
 * describePublicKey((await keyAlgorithms['ecdsa-p256'].generate()).spki).curve // => "P-256"
 * describePublicKey(Buffer.of(0x30, 0)).kind // => "unknown"
 * ```
 */
export function describePublicKey(spki: Buffer): PublicKeyFacts {
  return checkPublicKey(spki, () => {})
}

/**
 * Reads a public key and reports all that is wrong with it, at the pointer `/key`. `spki` is DER
 * of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7). Never throws, and takes a few
 * milliseconds at most, whatever the bytes are.
 *
 * @example
 * ```ts
 * checkPublicKey((await keyAlgorithms.ed25519.generate()).spki, () => {}).algorithm // => "ed25519"
 * ```
 */
export function checkPublicKey(spki: Buffer, report: Report<PublicKeyFindingCode>): PublicKeyFacts {
  const reportAtKey: KeyPart['report'] = (code, message) => report(code, '/key', message)
  const parts = readParts(spki)
  if (parts === undefined) {
    const message = 'The public key is not SEQUENCE { AlgorithmIdentifier, BIT STRING } in DER.'
    reportAtKey('key_malformed', message)
    return { algorithm: undefined, kind: 'unknown', oid: undefined }
  }
  const { oid, parameters, bits } = parts
  if (bits[0] !== 0) {
    const message = 'The bits of the public key do not end at an octet; no bit may be unused.'
    reportAtKey('key_bit_string', message)
  }
  const { kind, check } = kinds.get(oid) ?? unknownKind(oid)
  const facts = check({ parameters, octets: bits.subarray(1), report: reportAtKey })
  return { ...facts, algorithm: algorithmOf(spki, facts.bits), kind, oid }
}

// The table's prefix of RSA leaves the modulus open: its first octets may be zeros.
function algorithmOf(spki: Buffer, bits?: number): KeyAlgorithmName | undefined {
  const name = keyAlgorithmOfSpki(spki)
  const row = name && keyAlgorithms[name]
  return row?.kind === 'rsa' && row.modulusBits !== bits ? undefined : name
}

// Lengths that are BER and not DER were told of when the CSR was read.
const toldBefore: DerReport = (code, message) => {
  if (code === 'der_trailing_bytes') refuse(code, message)
}

type Parts = { oid: string; parameters: DerElement | undefined; bits: Buffer }

function readParts(spki: Buffer): Parts | undefined {
  try {
    const [identifier, bits, ...more] = readSequence(readDer(spki, toldBefore))
    const [oid, parameters, ...others] = readSequence(identifier)
    if (more.length > 0 || others.length > 0) return undefined
    if (bits?.tag !== tags.bitString || bits.content.length === 0) return undefined
    // A curve's name is read here already: one that cannot be read makes the whole malformed.
    if (parameters?.tag === tags.oid) readOid(parameters)
    return { oid: readOid(oid), parameters, bits: bits.content }
  } catch {
    return undefined
  }
}

function readSequence(element: DerElement | undefined): DerElement[] {
  return element?.tag === tags.sequence ? element.children : []
}

function unknownKind(oid: string): Kind {
  return {
    kind: 'unknown',
    title: oid,
    check: ({ report }) => {
      report('key_algorithm_unknown', `The key’s algorithm ${oid} is not known; it is not checked.`)
      return {}
    },
  }
}

function checkEd448Key({ report }: KeyPart) {
  report('key_algorithm_unusual', 'The key is an Ed448 key; RSA and ECDSA are taken everywhere.')
  return {}
}

function checkPssKey(part: KeyPart) {
  const message = 'The key is bound to RSASSA-PSS; an rsaEncryption key is taken everywhere.'
  part.report('key_algorithm_unusual', message)
  return checkRsaNumbers(part)
}

function checkDsaKey({ report }: KeyPart) {
  report('key_algorithm_obsolete', 'The key is a DSA key; RSA or ECDSA is needed.')
  return {}
}
