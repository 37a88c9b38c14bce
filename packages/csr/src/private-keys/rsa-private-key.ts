import { createPrivateKey } from 'node:crypto'
import { type DerElement, readInteger, tags } from '../der/der-reader.ts'
import { bitString, nullValue, oid, sequence } from '../der/der-writer.ts'
import { keyAlgorithmNames, keyAlgorithms } from '../keys/key-algorithms.ts'
import { keyOids } from '../keys/key-oids.ts'
import { checkPublicKey } from '../public-keys/public-key.ts'
import { publicKeyFindings } from '../public-keys/public-key-findings.ts'
import {
  PrivateKeyError,
  type PrivateKeyErrorCode,
  type PrivateKeyFault,
  refusal,
} from './private-key-error.ts'
import type { PrivateKeyInfo, ReadPrivateKey } from './private-key-info.ts'
import { isProbablePrime } from './probable-prime.ts'
import { asPrivateKeyError, readPrivateDer } from './read-private-der.ts'

/**
 * An RSA private key of two primes (RFC 8017 appendix A.1.2), every number of it held against the
 * others, the primes probably prime. The numbers become BigInts on the way, which nothing can
 * wipe.
 *
 * @throws PrivateKeyError malformed_der, unsupported_form, unsupported_key, weak_key,
 * inconsistent_key
 */
export function readRsaPrivateKey({ parameters, key }: PrivateKeyInfo): ReadPrivateKey {
  if (parameters?.tag !== tags.null || parameters.content.length > 0) {
    throw refusal('malformed_der', 'The parameters of the RSA key are not NULL.')
  }
  const fields = readFields(key)
  checkPublicPart(fields)
  const numbers = readNumbers(fields)
  const faults = [...faultsOf(numbers), ...sizeFaults(numbers)]
  const [first] = faults
  if (first !== undefined) throw new PrivateKeyError(first.code, faults)
  if (!isProbablePrime(numbers.p) || !isProbablePrime(numbers.q)) {
    throw refusal('inconsistent_key', 'What should be the primes of the RSA key are not prime.')
  }
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs1' })
  return { privateKey, publicKey: undefined }
}

type Numbers = Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dP' | 'dQ' | 'qInv', bigint>
type Fault = PrivateKeyFault & { code: PrivateKeyErrorCode }

function readFields(key: Buffer): DerElement[] {
  const { tag, children } = readPrivateDer(key)
  const [version, ...fields] = children
  const isInteger = (field: DerElement) =>
    field.tag === tags.integer && (field.content[0] ?? 0xff) < 0x80
  if (version?.content.equals(Buffer.of(1)) && fields.length > 8) {
    throw refusal('unsupported_form', 'The RSA key has more than two primes; two are needed.')
  }
  const good =
    tag === tags.sequence &&
    version?.tag === tags.integer &&
    version.content.equals(Buffer.of(0)) &&
    fields.length === 8 &&
    fields.every(isInteger)
  if (!good) {
    const message = 'The RSA key is not version 0 and eight numbers that are not negative.'
    throw refusal('malformed_der', message)
  }
  return fields
}

// Before any arithmetic: sizes outside the table end here.
function checkPublicPart([n, e]: DerElement[]): void {
  if (n === undefined || e === undefined) return
  const faults: PrivateKeyFault[] = []
  const spki = sequence([rsaIdentifier, bitString(sequence([n.encoded, e.encoded]))])
  const { algorithm } = checkPublicKey(spki, (code, _, message) => faults.push({ code, message }))
  const errors = faults.some(({ code }) => severityOf(code) === 'error')
  if (errors) throw new PrivateKeyError('weak_key', faults)
  if (faults.length > 0 || algorithm === undefined) {
    const allowed = rsaNames.join(', ')
    const message = `The RSA key is not one of ${allowed}, with 65537 as its exponent.`
    throw new PrivateKeyError('unsupported_key', [{ code: 'unsupported_key', message }, ...faults])
  }
}

const rsaNames = keyAlgorithmNames.filter((name) => keyAlgorithms[name].kind === 'rsa')
const rsaIdentifier = sequence([oid(keyOids.rsa), nullValue])

function severityOf(code: PrivateKeyFault['code']) {
  const kinds: Partial<Record<string, { severity: string }>> = publicKeyFindings
  return kinds[code]?.severity
}

function readNumbers(fields: DerElement[]): Numbers {
  const longest = fields[0]?.content.length ?? 0
  if (fields.some(({ content }) => content.length > longest)) {
    throw refusal('inconsistent_key', 'A number of the RSA key is longer than its modulus.')
  }
  const [n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dP = 0n, dQ = 0n, qInv = 0n] = fields.map(
    (field) => asPrivateKeyError(() => readInteger(field)),
  )
  return { n, e, d, p, q, dP, dQ, qInv }
}

function faultsOf({ n, e, d, p, q, dP, dQ, qInv }: Numbers): Fault[] {
  // Below this nothing can be divided.
  if (p < 3n || q < 3n) return faultWhen(true, 'A prime of the RSA key is below 3.')
  return [
    ...faultWhen(p === q, 'The primes of the RSA key are the same.'),
    ...faultWhen((p & q & 1n) === 0n, 'A prime of the RSA key is even.'),
    ...faultWhen(p * q !== n, 'The modulus is not the product of the primes.'),
    ...faultWhen(
      (e * d) % (p - 1n) !== 1n || (e * d) % (q - 1n) !== 1n || d >= n,
      'The private exponent is not the inverse of the public one.',
    ),
    ...faultWhen(dP !== d % (p - 1n), 'The first CRT exponent is not the private one’s remainder.'),
    ...faultWhen(
      dQ !== d % (q - 1n),
      'The second CRT exponent is not the private one’s remainder.',
    ),
    ...faultWhen(
      (qInv * q) % p !== 1n || qInv >= p,
      'The CRT coefficient is not the inverse of q.',
    ),
  ]
}

function faultWhen(wrong: boolean, message: string): Fault[] {
  return wrong ? [{ code: 'inconsistent_key', message }] : []
}

// A private exponent of half the modulus or less can be computed from the public key (Wiener,
// Boneh and Durfee; FIPS 186-5 appendix A.1.1); a short prime can be found by itself.
function sizeFaults({ n, d, p, q }: Numbers): Fault[] {
  const bits = BigInt(n.toString(16).length * 4)
  const faults: Fault[] = []
  if (d >> (bits / 2n) === 0n) {
    const message = 'The private exponent has half the bits of the modulus or fewer.'
    faults.push({ code: 'weak_key', message })
  }
  const shorter = p < q ? p : q
  if (shorter >> ((bits * 3n) / 8n) === 0n) {
    faults.push({ code: 'weak_key', message: 'A prime has far fewer bits than half the modulus.' })
  }
  return faults
}
