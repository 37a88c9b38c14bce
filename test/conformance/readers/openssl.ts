import { createHash } from 'node:crypto'
import { type RawReading, toCommonForm } from './common-form.ts'
import { type Asn1Node, asn1parseAll } from './openssl-asn1.ts'
import { opensslObjects } from './openssl-objects.ts'
import {
  commonExtension,
  type Oids,
  type PrintedExtension,
  readAltNames,
  readAttributes,
} from './openssl-structure.ts'
import { extensionTexts, nameOptions, printedFields, readRequestText } from './openssl-text.ts'
import { abilities, type CsrReader } from './reader.ts'
import { extensionFields, type Reading, type ReadingField } from './reading.ts'
import { mapConcurrently, outputOf, runCommand } from './run-command.ts'

const concurrency = 2

/** So many CSRs go through one `openssl asn1parse`. */
const parsedTogether = 200

const san = '2.5.29.17'

/**
 * OpenSSL: `openssl req -verify -text` once for each CSR, for what it makes of the request, and
 * `openssl asn1parse` for what its text does not tell apart.
 */
export const openssl: CsrReader = {
  name: 'openssl',
  debianPackages: ['openssl'],
  version: () => outputOf('openssl', ['version']),
  debianVersion: 'OpenSSL 3.0.',
  can: abilities({
    no: [],
    algorithms: {
      'ml-dsa-44': ['signatureValid', 'key', 'spki'],
      'ml-dsa-65': ['signatureValid', 'key', 'spki'],
      'ml-dsa-87': ['signatureValid', 'key', 'spki'],
    },
  }),
  start: async () => {
    const oids = await opensslObjects()
    return {
      readAll: async (ders) => {
        const readings: Reading[] = []
        for (let from = 0; from < ders.length; from += parsedTogether) {
          readings.push(...(await readSome(ders.slice(from, from + parsedTogether), oids)))
        }
        return readings
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
  },
}

type Parsed = {
  der: Buffer
  request: Asn1Node | undefined
  altNames: Asn1Node | undefined
}

async function readSome(ders: readonly Buffer[], oids: Oids): Promise<Reading[]> {
  const requests = await asn1parseAll(ders)
  const values = requests.map((request) => (request ? altNamesOf(request, oids) : undefined))
  const parsed = (await asn1parseAll(values.filter((value) => value !== undefined))).values()
  const all = ders.map((der, index): Parsed => {
    const altNames = values[index] === undefined ? undefined : parsed.next().value
    return { der, request: requests[index], altNames }
  })
  return mapConcurrently(all, concurrency, (one) => readOne(one, oids))
}

function altNamesOf(request: Asn1Node, oids: Oids): Buffer | undefined {
  return readAttributes(request, oids).extensions.find(({ oid }) => oid === san)?.value
}

const printing = ['req', '-inform', 'DER', '-noout', '-text', '-nameopt', nameOptions]

async function readOne(parsed: Parsed, oids: Oids): Promise<Reading> {
  const full = await runCommand('openssl', [...printing, '-verify', '-pubkey'], parsed.der)
  const said = `${full.stdout}${full.stderr}`
  if (hasText(said)) return readText(said, parsed, { signatureValid: verified(said) }, oids)
  // It stops before the text when it knows the algorithm of the key or the signature not at all.
  const plain = await runCommand('openssl', printing, parsed.der)
  const error = full.stderr.toString('utf8').trim()
  if (!hasText(plain.stdout.toString('utf8'))) return { accepted: false, error }
  const signatureValid = verified(said)
  return readText(plain.stdout.toString('utf8'), parsed, { signatureValid, error }, oids)
}

const hasText = (said: string) => /^Certificate Request:$/m.test(said)

function verified(said: string): boolean | 'cannot' {
  if (/verify OK$/m.test(said)) return true
  return /verify failure$/m.test(said) ? false : 'cannot'
}

function readText(
  text: string,
  { request, altNames }: Parsed,
  start: Pick<Reading, 'signatureValid' | 'error'>,
  oids: Oids,
): Reading {
  const { key, ...rest } = readRequestText(text)
  const spkiSha256 = spkiHash(text)
  const raw = {
    accepted: true,
    ...start,
    ...rest,
    key: { kind: 'other', ...key, ...(spkiSha256 && { spkiSha256 }) },
  } as RawReading
  if (request === undefined) {
    const cannot = [...extensionFields, 'challengePassword', 'unstructuredName'] as const
    const error = 'openssl asn1parse does not read it as one element'
    return toCommonForm({ ...raw, cannot: [...cannot], error })
  }
  const { extensions, ...attributes } = readAttributes(request, oids)
  return toCommonForm({
    ...raw,
    ...attributes,
    extensions: extensions.map(commonExtension),
    ...readExtensions(text, { extensions, altNames }, oids),
  })
}

/** Which field an extension is, where the text says more of it than its octets. */
const fieldOf: Record<string, ReadingField> = {
  [san]: 'san',
  '2.5.29.15': 'keyUsage',
  '2.5.29.37': 'extendedKeyUsage',
  '2.5.29.19': 'basicConstraints',
  '2.5.29.14': 'subjectKeyIdentifier',
  '1.3.6.1.5.5.7.1.24': 'tlsFeature',
}

function readExtensions(
  text: string,
  found: { extensions: PrintedExtension[]; altNames: Asn1Node | undefined },
  oids: Oids,
): Partial<RawReading> {
  const { extensions, altNames } = found
  const texts = extensionTexts(
    text,
    extensions.map(({ name }) => name),
  )
  const read: Partial<RawReading> = {}
  const cannot: ReadingField[] = []
  for (const [index, { oid, critical }] of extensions.entries()) {
    const field = fieldOf[oid]
    if (field === undefined) continue
    const printed = texts?.[index]
    const part =
      oid === san
        ? readSan(printed, { critical, altNames }, oids)
        : printed !== undefined && printedFields[oid]?.(printed, oids)
    if (part) Object.assign(read, part)
    else cannot.push(field)
  }
  return cannot.length === 0 ? read : { ...read, cannot }
}

function readSan(
  printed: string | undefined,
  { critical, altNames }: { critical: boolean; altNames: Asn1Node | undefined },
  oids: Oids,
): Partial<RawReading> | undefined {
  if (printed === undefined || altNames === undefined) return undefined
  const names = readAltNames(altNames, printed, oids)
  return names && ({ san: { critical, names } } as Partial<RawReading>)
}

/** Of the key as `-pubkey` prints it. */
function spkiHash(text: string): string | undefined {
  const [, base64] = /-----BEGIN PUBLIC KEY-----\n([^-]*)-----END PUBLIC KEY-----/.exec(text) ?? []
  if (base64 === undefined) return undefined
  return createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')
}
