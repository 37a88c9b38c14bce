import type { KeyObject } from 'node:crypto'
import { type DerElement, octetsOfBits, readDer, readOid, tags } from '../der/der-reader.ts'
import { nullValue } from '../der/der-writer.ts'
import { keyOids } from '../keys/key-oids.ts'
import { refusal } from './private-key-error.ts'
import type { PrivateKeyForm } from './private-key-pem.ts'
import { asPrivateKeyError, readPrivateDer } from './read-private-der.ts'

/** A private key of any form, taken apart. All buffers are views into what was read. */
export type PrivateKeyInfo = {
  /** Of the key's algorithm, dotted. */
  oid: string
  parameters: DerElement | undefined
  /** DER of RSAPrivateKey, ECPrivateKey, CurvePrivateKey or an ML-DSA private key. */
  key: Buffer
  /** What the structure around the key says is the public key: octets of a BIT STRING. */
  publicKey: Buffer | undefined
}

/** A private key as it was read; `publicKey` is what stands beside it inside its own structure. */
export type ReadPrivateKey = { privateKey: KeyObject; publicKey: Buffer | undefined }

// PKCS #1 has no place for the parameters, which PKCS #8 has to have.
const noParameters = readDer(nullValue)
const attributesTag = 0xa0
const publicKeyTag = 0x81

/** Which of the forms DER is, by its outermost structure; the PEM label says the same. */
export function formOfDer(element: DerElement): PrivateKeyForm {
  const outline = element.children.map(({ tag }) => letters.get(tag) ?? '?').join('')
  if (element.tag !== tags.sequence) throw refusal('malformed_der', notAKey)
  const form = outlines.find(([pattern]) => pattern.test(outline))?.[1]
  if (form !== undefined) return form
  if (/^IS/.test(outline)) {
    const message = `The file is PKCS #12 or the like; first: openssl pkcs12 -in old.p12 -nocerts`
    throw refusal('unsupported_form', message)
  }
  if (/^SB$|^SSB$/.test(outline)) {
    const message = 'The DER holds a public key, a certificate or a CSR; a private key is needed.'
    throw refusal('unsupported_form', message)
  }
  throw refusal('malformed_der', notAKey)
}

const notAKey = 'The DER is no private key: PKCS #8, PKCS #1 or SEC 1 is needed.'

const letters = new Map<number, string>([
  [tags.integer, 'I'],
  [tags.octetString, 'O'],
  [tags.sequence, 'S'],
  [tags.bitString, 'B'],
])

const outlines: [RegExp, PrivateKeyForm][] = [
  [/^ISO/, 'pkcs8'],
  [/^SO$/, 'encrypted-pkcs8'],
  [/^I{3}/, 'pkcs1'],
  [/^IO/, 'sec1'],
]

/**
 * Takes a key apart that is in the clear. `curve` is the DER of the EC PARAMETERS before a SEC 1
 * key.
 *
 * @throws PrivateKeyError malformed_der, unsupported_form
 */
export function readPrivateKeyInfo(
  form: PrivateKeyForm,
  element: DerElement,
  curve?: Buffer,
): PrivateKeyInfo {
  const { encoded } = element
  if (form === 'pkcs8') return readPkcs8(element)
  if (form === 'pkcs1') {
    return { oid: keyOids.rsa, parameters: noParameters, key: encoded, publicKey: undefined }
  }
  const parameters = curve === undefined ? undefined : readPrivateDer(curve)
  return { oid: keyOids.ec, parameters, key: encoded, publicKey: undefined }
}

// RFC 5958 section 2. Attributes are of no use here: they are passed over.
function readPkcs8({ tag, children }: DerElement): PrivateKeyInfo {
  const [version, identifier, key, ...rest] = children
  const [algorithm, parameters, ...more] = identifier?.children ?? []
  const publicKey = rest.find((field) => field.tag === publicKeyTag)
  const known = rest.map((field) => field.tag).join() // in the order of the structure
  const good =
    tag === tags.sequence &&
    identifier?.tag === tags.sequence &&
    key?.tag === tags.octetString &&
    more.length === 0 &&
    ['', `${attributesTag}`, `${publicKeyTag}`, `${attributesTag},${publicKeyTag}`].includes(known)
  if (!good) throw refusal('malformed_der', 'The key is not PKCS #8 (RFC 5958).')
  checkVersion(version, publicKey !== undefined)
  return {
    oid: asPrivateKeyError(() => readOid(algorithm)),
    parameters,
    key: key.content,
    publicKey: publicKey && asPrivateKeyError(() => octetsOfBits(publicKey.content)),
  }
}

// Version 1 is for a public key; RFC 5958 does not forbid it without one.
function checkVersion(version: DerElement | undefined, hasPublicKey: boolean): void {
  const number = version?.content.length === 1 ? version.content[0] : undefined
  const good = version?.tag === tags.integer && (number === 1 || (number === 0 && !hasPublicKey))
  if (!good) {
    throw refusal(
      'malformed_der',
      'The version of the PKCS #8 key is not 0, or 1 with a public key.',
    )
  }
}
