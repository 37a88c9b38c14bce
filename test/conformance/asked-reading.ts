import { createHash } from 'node:crypto'
import {
  type AttributeTypeAndValue,
  type KeyAlgorithmName,
  keyUsageNames,
  type Spec,
  type SubjectAltName,
  subjectAttributes,
} from '@csr-foundry/csr'
import { ipText } from './readers/common-form.ts'
import type { ReadAttribute, ReadExtension, Reading, ReadKey, ReadName } from './readers/reading.ts'

/**
 * What a right reading of the CSR of a spec is, told from the spec and the public key alone: the
 * facts are written down here once more, so that a wrong table in the package is noticed.
 */
export function askedReading(spec: Spec, spki: Buffer): Reading {
  const { subject, subjectAltNames, extensions = {}, attributes = {}, key } = spec
  const { keyUsage, extendedKeyUsage, basicConstraints, subjectKeyIdentifier, mustStaple } =
    extensions
  const requested = askedExtensions(spec)
  return {
    accepted: true,
    signatureValid: true,
    subject: subject.map((rdn) => rdn.map(askedAttribute)),
    key: {
      ...askedKey(key.algorithm),
      spkiSha256: createHash('sha256').update(spki).digest('hex'),
    },
    signatureAlgorithm: askedSignature(spec),
    ...(subjectAltNames.length > 0 && {
      san: { critical: subject.length === 0, names: subjectAltNames.map(askedName) },
    }),
    extensions: requested,
    ...(keyUsage && { keyUsage: keyUsageNames.filter((name) => keyUsage.usages.includes(name)) }),
    ...(extendedKeyUsage && {
      extendedKeyUsage: extendedKeyUsage.usages.map((usage) => purposes[usage] ?? usage),
    }),
    ...(basicConstraints && { basicConstraints: askedConstraints(basicConstraints) }),
    ...(subjectKeyIdentifier && {
      subjectKeyIdentifier:
        subjectKeyIdentifier === true ? identifierOf(spki, key.algorithm) : subjectKeyIdentifier,
    }),
    ...(mustStaple && { tlsFeature: [5] }),
    ...attributes,
  }
}

const purposes: Readonly<Record<string, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  ipsecIKE: '1.3.6.1.5.5.7.3.17',
  secureShellClient: '1.3.6.1.5.5.7.3.21',
  secureShellServer: '1.3.6.1.5.5.7.3.22',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  anyExtendedKeyUsage: '2.5.29.37.0',
  pkinitClientAuth: '1.3.6.1.5.2.3.4',
  pkinitKdc: '1.3.6.1.5.2.3.5',
  smartcardLogon: '1.3.6.1.4.1.311.20.2.2',
  encryptingFileSystem: '1.3.6.1.4.1.311.10.3.4',
}

const keys: Readonly<Record<KeyAlgorithmName, ReadKey>> = {
  'rsa-2048': { kind: 'rsa', bits: 2048 },
  'rsa-3072': { kind: 'rsa', bits: 3072 },
  'rsa-4096': { kind: 'rsa', bits: 4096 },
  'ecdsa-p256': { kind: 'ec', curve: 'P-256' },
  'ecdsa-p384': { kind: 'ec', curve: 'P-384' },
  'ecdsa-p521': { kind: 'ec', curve: 'P-521' },
  ed25519: { kind: 'ed25519' },
  'ml-dsa-44': { kind: 'ml-dsa-44' },
  'ml-dsa-65': { kind: 'ml-dsa-65' },
  'ml-dsa-87': { kind: 'ml-dsa-87' },
}

const signatures: Readonly<Partial<Record<KeyAlgorithmName, string>>> = {
  'ecdsa-p256': 'ecdsa-with-SHA256',
  'ecdsa-p384': 'ecdsa-with-SHA384',
  'ecdsa-p521': 'ecdsa-with-SHA512',
  ed25519: 'Ed25519',
  'ml-dsa-44': 'ML-DSA-44',
  'ml-dsa-65': 'ML-DSA-65',
  'ml-dsa-87': 'ML-DSA-87',
}

function askedKey(algorithm: KeyAlgorithmName): ReadKey {
  return keys[algorithm]
}

function askedSignature({ key }: Spec): string {
  return signatures[key.algorithm] ?? `${key.digest ?? 'sha256'}WithRSAEncryption`
}

const oidOf = (type: string) =>
  Object.entries(subjectAttributes).find(([name]) => name === type)?.[1].oid ?? type

const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/
const always = new Map<string, 'ia5' | 'printable'>([
  ['emailAddress', 'ia5'],
  ['DC', 'ia5'],
  ['C', 'printable'],
  ['jurisdictionC', 'printable'],
  ['serialNumber', 'printable'],
  ['dnQualifier', 'printable'],
])

function askedAttribute({ type, value, stringType }: AttributeTypeAndValue): ReadAttribute {
  return { type: oidOf(type), value, stringType: stringType ?? usualStringType(type, value) }
}

function usualStringType(type: string, value: string) {
  if (type === 'unstructuredName') return /^[\0-\x7f]*$/.test(value) ? 'ia5' : 'utf8'
  return always.get(type) ?? (printable.test(value) ? 'printable' : 'utf8')
}

function askedName(name: SubjectAltName): ReadName {
  switch (name.type) {
    case 'ip':
      return { type: 'ip', value: ipText(name.value) }
    case 'dirName':
      return { type: 'dirName', value: name.value.map((rdn) => rdn.map(askedAttribute)) }
    case 'upn':
      return { type: 'otherName', oid: '1.3.6.1.4.1.311.20.2.3', ...utf8(name.value) }
    case 'otherName': {
      const value =
        'der' in name ? { der: Buffer.from(name.der, 'base64').toString('hex') } : utf8(name.value)
      return { type: 'otherName', oid: name.oid, ...value }
    }
    default:
      return name
  }
}

/** Texts here have fewer than 256 octets. */
function utf8(value: string) {
  const octets = Buffer.from(value)
  const length = octets.length < 0x80 ? [octets.length] : [0x81, octets.length]
  return { value, der: Buffer.concat([Buffer.from([0x0c, ...length]), octets]).toString('hex') }
}

function askedExtensions({ subject, subjectAltNames, extensions = {} }: Spec): ReadExtension[] {
  const { keyUsage, extendedKeyUsage, basicConstraints, raw = [] } = extensions
  const asked: [oid: string, critical: boolean | undefined][] = [
    ['2.5.29.17', subjectAltNames.length > 0 ? subject.length === 0 : undefined],
    ['2.5.29.15', keyUsage?.critical],
    ['2.5.29.37', extendedKeyUsage?.critical],
    ['2.5.29.19', basicConstraints?.critical],
    ['2.5.29.14', extensions.subjectKeyIdentifier === undefined ? undefined : false],
    ['1.3.6.1.5.5.7.1.24', extensions.mustStaple === undefined ? undefined : false],
    ['1.3.6.1.4.1.311.21.7', extensions.microsoftTemplate === undefined ? undefined : false],
    ['1.3.6.1.4.1.311.20.2', extensions.microsoftTemplateName === undefined ? undefined : false],
  ]
  const known = asked.flatMap(([oid, critical]) =>
    critical === undefined ? [] : [{ oid, critical }],
  )
  return [
    ...known,
    ...raw.map(({ oid, critical, value }) => ({
      oid,
      critical,
      value: Buffer.from(value, 'base64').toString('hex'),
    })),
  ]
}

function askedConstraints({ ca, pathLength }: { ca: boolean; pathLength?: number }) {
  return { ca, ...(pathLength === undefined ? {} : { pathLength }) }
}

/** Octets before the public key's own bits in the SPKI of each algorithm. */
const headers: Readonly<Record<string, number>> = {
  'rsa-2048': 24,
  'rsa-3072': 24,
  'rsa-4096': 24,
  'ecdsa-p256': 26,
  'ecdsa-p384': 23,
  'ecdsa-p521': 25,
  ed25519: 12,
  'ml-dsa-44': 22,
  'ml-dsa-65': 22,
  'ml-dsa-87': 22,
}

/** RFC 5280 section 4.2.1.2, method 1. */
function identifierOf(spki: Buffer, algorithm: KeyAlgorithmName): string {
  return createHash('sha1').update(spki.subarray(headers[algorithm])).digest('hex')
}
