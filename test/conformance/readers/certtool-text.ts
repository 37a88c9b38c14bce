import { readAltNames, readName } from './certtool-names.ts'
import type { RawReading } from './common-form.ts'
import { extensionFields, type ReadExtension } from './reading.ts'

/** What `certtool --crq-info` printed, without the signature's verification. */
export function readCerttoolText(text: string): RawReading {
  const attributes = /^\tAttributes:\n(.*?)^Other Information:$/ms.exec(text)?.[1] ?? ''
  const algorithm = /^\tSignature Algorithm: (.*)$/m.exec(text)?.[1]
  return {
    accepted: true,
    ...readSubject(text),
    key: readKey(text),
    ...(algorithm && { signatureAlgorithm: algorithm }),
    ...readPassword(attributes),
    ...readExtensions(attributes),
  }
}

/** One that is no string is printed as `#` and hex; a `#` of its own has a backslash. */
function readPassword(attributes: string): Part {
  const password = /^\t\tChallenge password: ([^#].*|)$/m.exec(attributes)?.[1]
  return password === undefined ? {} : { challengePassword: password.replace(/\\(.)/g, '$1') }
}

type Part = Partial<RawReading>

function readSubject(text: string): Part {
  const [, printed] = /^\tSubject:(.*?)\n\tSubject Public Key Algorithm: /ms.exec(text) ?? []
  if (printed === undefined) return { cannot: ['subject'] }
  return { subject: readName(printed.slice(1)) }
}

const keyKinds: readonly [RegExp, string][] = [
  [/^RSA$/, 'rsa'],
  [/^EC\/ECDSA$/, 'ec'],
  [/^DSA$/, 'dsa'],
  [/Ed25519/, 'ed25519'],
  [/Ed448/, 'ed448'],
  [/ML-?DSA-?44/, 'ml-dsa-44'],
  [/ML-?DSA-?65/, 'ml-dsa-65'],
  [/ML-?DSA-?87/, 'ml-dsa-87'],
]

function readKey(text: string): NonNullable<RawReading['key']> {
  const algorithm = /^\tSubject Public Key Algorithm: (.*)$/m.exec(text)?.[1] ?? ''
  const kind = keyKinds.find(([pattern]) => pattern.test(algorithm))?.[1] ?? 'other'
  const bits = /^\tAlgorithm Security Level: .* \((\d+) bits\)$/m.exec(text)?.[1]
  const curve = /^\t\tCurve:\t(.*)$/m.exec(text)?.[1]
  const spkiSha256 = /^\t\tsha256:([0-9a-f]{64})$/m.exec(text)?.[1]
  return {
    kind,
    // Of a curve it has the size of its octets: 528 for P-521.
    ...(bits && (kind === 'rsa' || kind === 'dsa') && { bits: Number(bits) }),
    ...(curve && kind === 'ec' && { curve }),
    ...(spkiSha256 && { spkiSha256 }),
  }
}

function readExtensions(attributes: string): Part {
  const [, after] = /^\t\tExtensions:\n(.*)$/ms.exec(attributes) ?? []
  if (after === undefined) return { extensions: [] }
  const { block, whole } = blockOf(after)
  const sections = block.split(/^\t\t\t(?=[^\t].* \((?:not )?critical\):$)/m)
  const readings = sections.slice(1).map(readSection)
  if (!whole || sections[0] !== '' || readings.includes(undefined)) {
    return { cannot: [...extensionFields] }
  }
  const found = readings.filter((reading) => reading !== undefined)
  const cannot = found.flatMap(({ part }) => part.cannot ?? [])
  return {
    ...Object.assign({}, ...found.map(({ part }) => part)),
    extensions: found.map(({ extension }) => extension),
    ...(cannot.length > 0 && { cannot }),
  }
}

/** A value with a line break spoils the form: then what comes after it is not to be trusted. */
function blockOf(after: string): { block: string; whole: boolean } {
  const end = after.search(/^(?!\t\t\t)/m)
  if (end === -1) return { block: after, whole: true }
  const rest = after.slice(end)
  const known = rest === '' || /^\t\t(Challenge password: |Unknown attribute )/.test(rest)
  return { block: after.slice(0, end), whole: known }
}

type Section = { extension: ReadExtension; part: Part }

function readSection(section: string): Section | undefined {
  const [header = '', ...lines] = section.replace(/\n+$/, '').split('\n')
  const [, name = '', not] = /^(.*) \((not )?critical\):$/.exec(header) ?? []
  const critical = not === undefined
  const body = lines.map((line) => line.replace(/^\t{3,4}/, ''))
  const [, unknown] = /^Unknown extension ([0-9.]+)$/.exec(name) ?? []
  if (unknown !== undefined) {
    const value = body.find((line) => line.startsWith('Hexdump: '))?.slice('Hexdump: '.length)
    return { extension: { oid: unknown, critical, ...(value && { value }) }, part: {} }
  }
  const known = extensions[name]
  return known && { extension: { oid: known.oid, critical }, part: known.read(body, critical) }
}

type KnownExtension = { oid: string; read: (lines: string[], critical: boolean) => Part }

const nothing = () => ({})

const extensions: Record<string, KnownExtension> = {
  'Subject Alternative Name': {
    oid: '2.5.29.17',
    read: (lines, critical) => {
      const names = readAltNames(lines)
      return names ? { san: { critical, names } } : { cannot: ['san'] }
    },
  },
  'Key Usage': {
    oid: '2.5.29.15',
    read: (lines) => {
      const keyUsage = allMapped(lines, (line) => keyUsages[line])
      return keyUsage ? { keyUsage } : { cannot: ['keyUsage'] }
    },
  },
  'Key Purpose': {
    oid: '2.5.29.37',
    read: (lines) => {
      const extendedKeyUsage = allMapped(lines, purposeOid)
      return extendedKeyUsage ? { extendedKeyUsage } : { cannot: ['extendedKeyUsage'] }
    },
  },
  'Basic Constraints': { oid: '2.5.29.19', read: readBasicConstraints },
  'Subject Key Identifier': {
    oid: '2.5.29.14',
    read: (lines) => ({ subjectKeyIdentifier: lines.join('') }),
  },
  'TLS Features': { oid: '1.3.6.1.5.5.7.1.24', read: readTlsFeatures },
  'Authority Key Identifier': { oid: '2.5.29.35', read: nothing },
  'Issuer Alternative Name': { oid: '2.5.29.18', read: nothing },
  'CRL Distribution points': { oid: '2.5.29.31', read: nothing },
  'Certificate Policies': { oid: '2.5.29.32', read: nothing },
  'Name Constraints': { oid: '2.5.29.30', read: nothing },
  'Authority Information Access': { oid: '1.3.6.1.5.5.7.1.1', read: nothing },
  'Private Key Usage Period': { oid: '2.5.29.16', read: nothing },
  'Proxy Certificate Information': { oid: '1.3.6.1.5.5.7.1.14', read: nothing },
}

const keyUsages: Record<string, string> = {
  'Digital signature.': 'digitalSignature',
  'Non repudiation.': 'nonRepudiation',
  'Key encipherment.': 'keyEncipherment',
  'Data encipherment.': 'dataEncipherment',
  'Key agreement.': 'keyAgreement',
  'Certificate signing.': 'keyCertSign',
  'CRL signing.': 'cRLSign',
  'Key encipher only.': 'encipherOnly',
  'Key decipher only.': 'decipherOnly',
}

const purposes: Record<string, string> = {
  'TLS WWW Server.': '1.3.6.1.5.5.7.3.1',
  'TLS WWW Client.': '1.3.6.1.5.5.7.3.2',
  'Code signing.': '1.3.6.1.5.5.7.3.3',
  'Email protection.': '1.3.6.1.5.5.7.3.4',
  'Time stamping.': '1.3.6.1.5.5.7.3.8',
  'OCSP signing.': '1.3.6.1.5.5.7.3.9',
  'Ipsec IKE.': '1.3.6.1.5.5.7.3.17',
  'Smart Card Logon.': '1.3.6.1.4.1.311.20.2.2',
  'Any purpose.': '2.5.29.37.0',
}

const purposeOid = (line: string) => (/^[0-9.]+$/.test(line) ? line : purposes[line])

function allMapped(
  lines: readonly string[],
  map: (line: string) => string | undefined,
): string[] | undefined {
  const mapped = lines.map(map).filter((value) => value !== undefined)
  return mapped.length === lines.length ? mapped : undefined
}

function readBasicConstraints(lines: string[]): Part {
  const [authority, length] = lines
  const [, ca] = /^Certificate Authority \(CA\): (TRUE|FALSE)$/.exec(authority ?? '') ?? []
  if (ca === undefined) return { cannot: ['basicConstraints'] }
  const [, pathLength] = /^Path Length Constraint: (\d+)$/.exec(length ?? '') ?? []
  return {
    basicConstraints: {
      ca: ca === 'TRUE',
      ...(pathLength && { pathLength: Number(pathLength) }),
    },
  }
}

/** `OCSP Status Request(5)`, or the number alone. */
function readTlsFeatures(lines: string[]): Part {
  const numbers = allMapped(lines, (line) => /^(?:.*\()?(\d+)\)?$/.exec(line)?.[1])
  return numbers ? { tlsFeature: numbers.map(Number) } : { cannot: ['tlsFeature'] }
}
