import { isIPv4 } from 'node:net'
import type {
  ReadAttribute,
  Reading,
  ReadKey,
  ReadName,
  ReadRdn,
  ReadStringType,
} from './reading.ts'
import { signatureAlgorithmName } from './signature-algorithms.ts'

/** An attribute with its ASN.1 tag number in place of the tag's name. */
export type RawAttribute = Omit<ReadAttribute, 'stringType'> & { tag?: number }

/** A name as a program gives it: an `ip` in any of its texts. */
export type RawName =
  | Exclude<ReadName, { type: 'dirName' }>
  | { type: 'dirName'; value: RawAttribute[][] }

/** A reading before names that programs have of their own are brought to the common ones. */
export type RawReading = Omit<Reading, 'subject' | 'key' | 'san'> & {
  subject?: RawAttribute[][]
  key?: Omit<ReadKey, 'kind'> & { kind: string }
  san?: { critical?: boolean; names: RawName[] }
}

/** The reading with the common names of algorithms, curves, string types and addresses. */
export function toCommonForm(raw: RawReading): Reading {
  const { subject, key, san, signatureAlgorithm, ...rest } = raw
  return {
    ...rest,
    ...(subject && { subject: subject.map(toRdn) }),
    ...(key && { key: toKey(key) }),
    ...(san && { san: { ...san, names: san.names.map(toName) } }),
    ...(signatureAlgorithm && { signatureAlgorithm: signatureAlgorithmName(signatureAlgorithm) }),
  }
}

/** An address in the common text of `ip` names, whatever text it is given in. */
export function ipText(address: string): string {
  if (isIPv4(address)) return address
  const url = URL.parse(`http://[${address}]/`)
  return url === null ? address : url.hostname.slice(1, -1)
}

const stringTypes = new Map<number, ReadStringType>([
  [12, 'utf8'],
  [18, 'numeric'],
  [19, 'printable'],
  [20, 't61'],
  [22, 'ia5'],
  [26, 'visible'],
  [28, 'universal'],
  [30, 'bmp'],
])

const keyKinds: Record<string, ReadKey['kind']> = {
  rsa: 'rsa',
  ec: 'ec',
  dsa: 'dsa',
  ed25519: 'ed25519',
  ed448: 'ed448',
  'ml-dsa-44': 'ml-dsa-44',
  'ml-dsa-65': 'ml-dsa-65',
  'ml-dsa-87': 'ml-dsa-87',
}

const curves: Record<string, string> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  prime256v1: 'P-256',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

function toRdn(rdn: RawAttribute[]): ReadRdn {
  return rdn.map(({ tag, ...attribute }) => {
    const stringType = tag === undefined ? undefined : stringTypes.get(tag)
    return { ...attribute, ...(stringType && { stringType }) }
  })
}

function toKey({ kind, curve, ...rest }: NonNullable<RawReading['key']>): ReadKey {
  return {
    ...rest,
    kind: keyKinds[kind.toLowerCase()] ?? 'other',
    ...(curve && { curve: curves[curve.toLowerCase()] ?? curve }),
  }
}

function toName(name: RawName): ReadName {
  if (name.type === 'dirName') return { type: 'dirName', value: name.value.map(toRdn) }
  if (name.type === 'ip') return { type: 'ip', value: ipText(name.value) }
  return name
}
