import { createPrivateKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { readDer, tags } from '../der/der-reader.ts'
import { keyOids } from '../keys/key-oids.ts'
import { mlDsaSeedTag, pkcs8HeadOfSeed, seedOctets } from '../keys/seed-pkcs8.ts'
import { refusal } from './private-key-error.ts'
import type { PrivateKeyInfo, ReadPrivateKey } from './private-key-info.ts'
import { readPrivateDer } from './read-private-der.ts'

/**
 * An Ed25519 private key (RFC 8410 section 7).
 *
 * @throws PrivateKeyError malformed_der
 */
export function readEd25519PrivateKey({ parameters, key }: PrivateKeyInfo): ReadPrivateKey {
  refuseParameters(parameters)
  const { tag, content } = readPrivateDer(key)
  if (tag !== tags.octetString || content.length !== seedOctets) {
    throw refusal('malformed_der', 'The Ed25519 key is not 32 octets (RFC 8410 section 7).')
  }
  const head = pkcs8HeadOfSeed(keyOids.ed25519, tags.octetString)
  return { privateKey: fromSeed(head, content), publicKey: undefined }
}

/**
 * An ML-DSA private key (RFC 9881 section 6): as a seed, or as a seed with its expanded key. An
 * expanded key alone is refused: nothing leads back to the seed, and the seed is the only form that
 * is kept.
 *
 * @throws PrivateKeyError malformed_der, unsupported_form, inconsistent_key
 */
export function readMlDsaPrivateKey({ oid, parameters, key }: PrivateKeyInfo): ReadPrivateKey {
  refuseParameters(parameters)
  const { seed, expanded } = readSeed(key)
  const privateKey = fromSeed(pkcs8HeadOfSeed(oid, mlDsaSeedTag), seed)
  if (expanded !== undefined && !expandsTo(privateKey, expanded)) {
    const message = 'The expanded ML-DSA key is not the one that its seed gives.'
    throw refusal('inconsistent_key', message)
  }
  return { privateKey, publicKey: undefined }
}

function readSeed(key: Buffer): { seed: Buffer; expanded: Buffer | undefined } {
  const { tag, content, children } = readPrivateDer(key)
  if (tag === tags.octetString) {
    const message =
      'The ML-DSA key is expanded and without its seed; only a key with its 32-octet seed can be kept.'
    throw refusal('unsupported_form', message)
  }
  if (tag === mlDsaSeedTag && content.length === seedOctets)
    return { seed: content, expanded: undefined }
  const [seed, expanded, ...more] = children
  const good =
    tag === tags.sequence &&
    seed?.tag === tags.octetString &&
    seed.content.length === seedOctets &&
    expanded?.tag === tags.octetString &&
    more.length === 0
  if (good) return { seed: seed.content, expanded: expanded.content }
  throw refusal('malformed_der', 'The ML-DSA key is not one of RFC 9881 section 6.')
}

function expandsTo(privateKey: KeyObject, expanded: Buffer): boolean {
  const both = privateKey.export({ type: 'pkcs8', format: 'der' })
  try {
    const octets = readDer(both).children[2]?.content ?? Buffer.alloc(0)
    const own = readDer(octets).children[1]?.content
    return own?.length === expanded.length && timingSafeEqual(own, expanded)
  } finally {
    both.fill(0)
  }
}

function refuseParameters(parameters: PrivateKeyInfo['parameters']): void {
  if (parameters === undefined) return
  throw refusal('malformed_der', 'The key’s algorithm has parameters; none may be there.')
}

function fromSeed(head: Buffer, seed: Buffer): KeyObject {
  const der = Buffer.concat([head, seed])
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } finally {
    der.fill(0)
  }
}
