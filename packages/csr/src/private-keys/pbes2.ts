import { type DerElement, readInteger, readOid, tags } from '../der/der-reader.ts'
import { refusal } from './private-key-error.ts'
import { conversion } from './private-key-pem.ts'
import { asPrivateKeyError } from './read-private-der.ts'

/** What a stranger's file may cost before it is refused. */
export type DerivationLimits = {
  /** Rounds of PBKDF2. */
  maxRounds: number
  /** Bytes that scrypt may use. */
  maxScryptMemory: number
}

/** How the key that encrypts is made of a password. */
export type Derivation =
  | { kdf: 'pbkdf2'; salt: Buffer; rounds: number; digest: string }
  | { kdf: 'scrypt'; salt: Buffer; cost: number; blockSize: number; parallelization: number }

/** PBES2 parameters (RFC 8018 appendix A.4). */
export type Pbes2 = {
  derivation: Derivation
  /** Name of the cipher in node:crypto, and the lengths of its key and block in octets. */
  cipher: { name: string; keyLength: number; blockLength: number }
  iv: Buffer
}

const pbes2 = '1.2.840.113549.1.5.13'
const pbkdf2 = '1.2.840.113549.1.5.12'
const scrypt = '1.3.6.1.4.1.11591.4.11'
const oldSchemes = ['1.2.840.113549.1.5.', '1.2.840.113549.1.12.1.']
const longestSalt = 1024
const mostLanes = 16

const ciphers = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyLength: 16, blockLength: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyLength: 24, blockLength: 16 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyLength: 32, blockLength: 16 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyLength: 24, blockLength: 8 }],
])

const digests = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
])

/**
 * Reads the AlgorithmIdentifier of an encrypted key and holds it against the limits: whoever wrote
 * it chose what opening it costs, so nothing may be derived before this.
 *
 * @throws PrivateKeyError malformed_der, unsupported_form, too_costly
 */
export function readPbes2(identifier: DerElement | undefined, limits: DerivationLimits): Pbes2 {
  const scheme = readIdentifier(identifier)
  if (scheme.oid !== pbes2) {
    if (oldSchemes.some((prefix) => scheme.oid.startsWith(prefix))) {
      throw refusal('unsupported_form', `The key’s encryption is not PBES2; ${conversion}`)
    }
    throw unsupported('encryption scheme')
  }
  const [kdf, encryption] = fieldsOf(scheme.parameters, 2)
  const { oid, parameters: iv } = readIdentifier(encryption)
  const cipher = ciphers.get(oid)
  if (cipher === undefined) throw unsupported('cipher')
  if (iv?.tag !== tags.octetString || iv.content.length !== cipher.blockLength) throw malformed()
  return { derivation: readDerivation(kdf, cipher.keyLength, limits), cipher, iv: iv.content }
}

function readDerivation(
  kdf: DerElement | undefined,
  keyLength: number,
  limits: DerivationLimits,
): Derivation {
  const { oid, parameters } = readIdentifier(kdf)
  if (oid === pbkdf2) return readPbkdf2(parameters, keyLength, limits.maxRounds)
  if (oid === scrypt) return readScrypt(parameters, keyLength, limits.maxScryptMemory)
  throw unsupported('key derivation')
}

// RFC 8018 appendix A.2: salt, rounds, keyLength OPTIONAL, prf DEFAULT hmacWithSHA1.
function readPbkdf2(
  parameters: DerElement | undefined,
  keyLength: number,
  maxRounds: number,
): Derivation {
  const [salt, rounds, ...rest] = fieldsOf(parameters, 2)
  const [length, prf] = rest[0]?.tag === tags.integer ? rest : [undefined, ...rest]
  checkKeyLength(length, keyLength)
  const digest = prf === undefined ? 'sha1' : digests.get(readIdentifier(prf).oid)
  if (digest === undefined) throw unsupported('digest of the key derivation')
  return {
    kdf: 'pbkdf2',
    salt: readSalt(salt),
    rounds: readBounded(rounds, maxRounds, 'rounds'),
    digest,
  }
}

// RFC 7914 section 7: salt, N, r, p, keyLength OPTIONAL.
function readScrypt(
  parameters: DerElement | undefined,
  keyLength: number,
  maxMemory: number,
): Derivation {
  const [salt, n, r, p, length] = fieldsOf(parameters, 4)
  checkKeyLength(length, keyLength)
  const cost = readBounded(n, maxMemory, 'rounds of scrypt')
  const blockSize = readBounded(r, maxMemory, 'blocks of scrypt')
  const parallelization = readBounded(p, mostLanes, 'lanes of scrypt')
  // A power of two above 1; OpenSSL's own sum of the memory.
  if (cost < 2 || !Number.isInteger(Math.log2(cost))) throw malformed()
  if (128 * blockSize * (cost + 2 + parallelization) > maxMemory) {
    throw tooCostly(`more than ${maxMemory} bytes of memory`)
  }
  // The lanes share the memory and not the time: together as much as one that fills it twice.
  if (64 * blockSize * cost * parallelization > maxMemory) {
    throw tooCostly('more blocks in all its lanes together than are computed')
  }
  return { kdf: 'scrypt', salt: readSalt(salt), cost, blockSize, parallelization }
}

function readIdentifier(element: DerElement | undefined) {
  const [oid, parameters] = fieldsOf(element, 1)
  return { oid: asPrivateKeyError(() => readOid(oid)), parameters }
}

function fieldsOf(element: DerElement | undefined, atLeast: number): DerElement[] {
  if (element?.tag !== tags.sequence || element.children.length < atLeast) throw malformed()
  return element.children
}

function readSalt(element: DerElement | undefined): Buffer {
  const good = element?.tag === tags.octetString && element.content.length <= longestSalt
  if (!good) throw malformed()
  return element.content
}

function checkKeyLength(element: DerElement | undefined, needed: number): void {
  if (element === undefined) return
  if (asPrivateKeyError(() => readInteger(element)) !== BigInt(needed)) throw malformed()
}

function readBounded(element: DerElement | undefined, most: number, what: string): number {
  const number = asPrivateKeyError(() => readInteger(element))
  if (number < 1n) throw malformed()
  if (number > BigInt(most)) throw tooCostly(`more than ${most} ${what}`)
  return Number(number)
}

function tooCostly(what: string) {
  return refusal('too_costly', `Opening the key would take ${what}; ${conversion}`)
}

function unsupported(what: string) {
  return refusal('unsupported_form', `The key’s ${what} is not known here; ${conversion}`)
}

function malformed() {
  return refusal(
    'malformed_der',
    'The encryption of the key is not PBES2 (RFC 8018) as it should be.',
  )
}
