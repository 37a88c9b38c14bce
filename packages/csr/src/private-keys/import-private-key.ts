import { createPublicKey, type KeyObject } from 'node:crypto'
import type { DerElement } from '../der/der-reader.ts'
import { keyAlgorithmOfSpki } from '../keys/check-spki.ts'
import {
  type KeyAlgorithm,
  type KeyAlgorithmName,
  type KeyPair,
  keyAlgorithmNames,
  keyAlgorithms,
} from '../keys/key-algorithms.ts'
import { readEcPrivateKey } from './ec-private-key.ts'
import { decryptPkcs8 } from './encrypted-pkcs8.ts'
import { PrivateKeyError, refusal } from './private-key-error.ts'
import {
  formOfDer,
  type PrivateKeyInfo,
  type ReadPrivateKey,
  readPrivateKeyInfo,
} from './private-key-info.ts'
import { type PemContent, readPrivateKeyPem } from './private-key-pem.ts'
import { readPrivateDer } from './read-private-der.ts'
import { readRsaPrivateKey } from './rsa-private-key.ts'
import { readEd25519PrivateKey, readMlDsaPrivateKey } from './seed-private-key.ts'

/** A key pair of someone else's making, and which of the table's algorithms it is. */
export type ImportedKey = KeyPair & { algorithm: KeyAlgorithmName }

/** What opening an encrypted key needs and may cost. */
export type ImportOptions = {
  /** A string is taken as UTF-8. */
  password?: string | Buffer | undefined
  /** Rounds of PBKDF2 that a file may ask for; 1,000,000 unless told. */
  maxRounds?: number
  /** Bytes of memory that a file may ask scrypt to use; 64 MiB unless told. */
  maxScryptMemory?: number
}

const longest = 32 * 1024

/**
 * Reads a private key, as PEM or DER: PKCS #8 in the clear or with PBES2 (RFC 5958, RFC 8018), PKCS
 * #1 (RFC 8017) or SEC 1 (RFC 5915). Only a key of the table comes through, strictly encoded, its
 * numbers consistent, its public key without a fault, and after it has signed once. Buffers made
 * on the way are wiped; `input` and `password` are the caller's. A string cannot be wiped, and PEM
 * becomes one: where that matters, give DER.
 *
 * The numbers are computed with in JavaScript, not in constant time: take keys from their owners,
 * and do not let strangers measure it.
 *
 * @throws PrivateKeyError, for whatever bytes there are
 *
 * @example
 * ```ts
 * (await importPrivateKey(Buffer.from('MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC', 'base64'))).algorithm // => "ed25519"
 * ```
 */
export async function importPrivateKey(
  input: Buffer | string,
  options: ImportOptions = {},
): Promise<ImportedKey> {
  const own: Buffer[] = []
  try {
    return await readKey(input, options, own)
  } catch (error) {
    throw error instanceof PrivateKeyError ? error : notTaken()
  } finally {
    for (const buffer of own) buffer.fill(0)
  }
}

// OpenSSL's own words could repeat what it read: they end here.
function notTaken(): PrivateKeyError {
  return refusal('unsupported_key', 'The private key is not one that OpenSSL takes.')
}

async function readKey(
  input: Buffer | string,
  options: ImportOptions,
  own: Buffer[],
): Promise<ImportedKey> {
  if (input.length > longest) {
    throw refusal('too_large', `The key is longer than ${longest} octets.`)
  }
  const { element, form, curve } = readOuter(input, own)
  if (form !== 'encrypted-pkcs8') return readClear(readPrivateKeyInfo(form, element, curve))
  const { password, maxRounds = 1_000_000, maxScryptMemory = 64 * 1024 * 1024 } = options
  const der = await decryptPkcs8(element, password, { maxRounds, maxScryptMemory })
  own.push(der)
  return readClear(readPrivateKeyInfo('pkcs8', readPrivateDer(der)))
}

type Outer = Pick<PemContent, 'form' | 'curve'> & { element: DerElement }

function readOuter(input: Buffer | string, own: Buffer[]): Outer {
  if (typeof input !== 'string' && input[0] === 0x30 && !input.includes('-----BEGIN ')) {
    const element = readPrivateDer(input)
    return { element, form: formOfDer(element), curve: undefined }
  }
  const { der, ...rest } = readPrivateKeyPem(
    typeof input === 'string' ? input : input.toString('latin1'),
  )
  own.push(der)
  const element = readPrivateDer(der)
  if (formOfDer(element) !== rest.form) {
    throw refusal('malformed_der', 'The key in the PEM is not what the label says.')
  }
  return { element, ...rest }
}

type Reader = (info: PrivateKeyInfo) => ReadPrivateKey

const readersOfKinds: Readonly<Record<KeyAlgorithm['kind'], Reader>> = {
  rsa: readRsaPrivateKey,
  ec: readEcPrivateKey,
  ed25519: readEd25519PrivateKey,
  'ml-dsa': readMlDsaPrivateKey,
}

const readers: ReadonlyMap<string, Reader> = new Map(
  Object.values(keyAlgorithms).map(({ oid, kind }) => [oid, readersOfKinds[kind]]),
)

function readClear(info: PrivateKeyInfo): ImportedKey {
  const read = readers.get(info.oid)
  if (read === undefined) throw unsupportedKey()
  const { privateKey, publicKey: inner } = read(info)
  const publicKey = createPublicKey(privateKey)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  for (const octets of [inner, info.publicKey]) {
    if (octets !== undefined) checkPublicOctets(spki, octets)
  }
  const algorithm = keyAlgorithmOfSpki(spki)
  if (algorithm === undefined) throw unsupportedKey()
  checkPair(algorithm, privateKey, publicKey)
  return { algorithm, privateKey, publicKey, spki }
}

function checkPublicOctets(spki: Buffer, octets: Buffer): void {
  const own = readPrivateDer(spki).children[1]?.content.subarray(1)
  if (own !== undefined && (own.equals(octets) || isSamePoint(own, octets))) return
  const message = 'The public key in the file is not the private key’s own.'
  throw refusal('inconsistent_key', message)
}

/** Whether octets are an EC point in its compressed or hybrid form (SEC 1 section 2.3.3). */
function isSamePoint(point: Buffer, octets: Buffer): boolean {
  const form = octets[0] ?? 0
  const length = (point.length - 1) / 2
  const whole = (form & 4) !== 0
  const coordinates = octets.subarray(1)
  return (
    point[0] === 4 &&
    (form & 0xfa) === 2 &&
    coordinates.equals(point.subarray(1, whole ? undefined : 1 + length)) &&
    (form & 1) === ((point.at(-1) ?? 0) & 1)
  )
}

// Whatever the checks before this missed, a pair whose signature does not verify makes no CSR.
function checkPair(name: KeyAlgorithmName, privateKey: KeyObject, publicKey: KeyObject): void {
  const { sign, verify, defaultDigest } = keyAlgorithms[name]
  const data = Buffer.from('importPrivateKey')
  if (verify(publicKey, defaultDigest, data, sign(privateKey, defaultDigest, data))) return
  throw refusal(
    'inconsistent_key',
    'What the private key signs does not verify with its public key.',
  )
}

function unsupportedKey(): PrivateKeyError {
  const message = `The key’s algorithm is not one of ${keyAlgorithmNames.join(', ')}.`
  return refusal('unsupported_key', message)
}
