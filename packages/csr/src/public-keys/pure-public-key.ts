import type { PureFacts } from '../keys/key-algorithms.ts'
import { checkEd25519Point } from './ed25519-point.ts'
import type { KeyPart } from './key-part.ts'

const lengthCodes = { ed25519: 'key_ed25519_length', 'ml-dsa': 'key_ml_dsa_length' } as const

/** An Ed25519 key (RFC 8410 section 4) or an ML-DSA key (RFC 9881 section 4). */
export function checkPureKey(
  { kind, title, publicKeyOctets }: PureFacts,
  { parameters, octets, report }: KeyPart,
): { bits?: number } {
  if (parameters !== undefined) {
    report('key_parameters_present', `The ${title} key has parameters; none may be there.`)
  }
  if (octets.length !== publicKeyOctets) {
    const message = `The ${title} key has ${octets.length} octets; ${publicKeyOctets} are needed.`
    report(lengthCodes[kind], message)
  } else if (kind === 'ed25519') checkEd25519Point(octets, report)
  return kind === 'ed25519' ? { bits: 256 } : {}
}
