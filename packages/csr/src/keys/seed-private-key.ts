import { createPrivateKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { readDer, tags } from '../der/der-reader.ts'
import { readStrictly, refusal } from './private-key-error.ts'
import type { PrivateKeyInfo, ReadPrivateKey } from './private-key-info.ts'

const seedTag = 0x80

/**
 * An Ed25519 private key (RFC 8410 section 7).
 *
 * @throws PrivateKeyError malformed_der
 */
export function readEd25519PrivateKey({ parameters, key }: PrivateKeyInfo): ReadPrivateKey {
  refuseParameters(parameters)
  const { tag, content } = readStrictly(key)
  if (tag !== tags.octetString || content.length !== 32) {
    throw refusal('malformed_der', 'The Ed25519 key is not 32 octets (RFC 8410 section 7).')
  }
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  return { privateKey: fromSeed(head, content), publicKey: undefined }
}

/**
 * A reader of ML-DSA private keys (RFC 9881 section 6) of one parameter set: as a seed, or as a
 * seed with its expanded key. An expanded key alone is refused: nothing leads back to the seed,
 * and the seed is the only form that is kept.
 *
 * @param identifier DER of the AlgorithmIdentifier
 */
export function mlDsaReader(identifier: Buffer): (info: PrivateKeyInfo) => ReadPrivateKey {
  const head = Buffer.concat([Buffer.from('3034020100', 'hex'), identifier])
  const fullHead = Buffer.concat([head, Buffer.from('04228020', 'hex')])
  return ({ parameters, key }) => {
    refuseParameters(parameters)
    const { seed, expanded } = readMlDsa(key)
    const privateKey = fromSeed(fullHead, seed)
    if (expanded !== undefined && !expandsTo(privateKey, expanded)) {
      const message = 'The expanded ML-DSA key is not the one that its seed gives.'
      throw refusal('inconsistent_key', message)
    }
    return { privateKey, publicKey: undefined }
  }
}

function readMlDsa(key: Buffer): { seed: Buffer; expanded: Buffer | undefined } {
  const { tag, content, children } = readStrictly(key)
  if (tag === tags.octetString) {
    const message =
      'The ML-DSA key is expanded and without its seed; only a key with its 32-octet seed can be kept.'
    throw refusal('unsupported_form', message)
  }
  if (tag === seedTag && content.length === 32) return { seed: content, expanded: undefined }
  const [seed, expanded, ...more] = children
  const good =
    tag === tags.sequence &&
    seed?.tag === tags.octetString &&
    seed.content.length === 32 &&
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
