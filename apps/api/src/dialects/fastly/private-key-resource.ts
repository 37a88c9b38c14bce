import { createHash } from 'node:crypto'
import { type KeyAlgorithmName, keyAlgorithms } from '@csr-foundry/csr'
import type { KeyRecord } from '@csr-foundry/records'

/** A private key as Fastly shows it: what is public of it. Keys that Fastly does not have are shown in the same form. */
export function privateKeyResource({ id, algorithm, name, created, spki }: KeyRecord) {
  return {
    id,
    type: 'tls_private_key',
    attributes: {
      ...keyFacts(algorithm),
      name: name ?? null,
      created_at: new Date(created).toISOString(),
      replace: false,
      public_key_sha1: createHash('sha1').update(toPublicPem(spki)).digest('hex'),
    },
  }
}

/** `key_length` in bits: of the modulus, of the curve, of the public key. */
function keyFacts(algorithm: KeyAlgorithmName): { key_type: string; key_length: number } {
  const facts = keyAlgorithms[algorithm]
  if (facts.kind === 'rsa') return { key_type: 'RSA', key_length: facts.modulusBits }
  if (facts.kind === 'ec') return { key_type: 'EC', key_length: Number(facts.curve.slice(2)) }
  return { key_type: facts.title, key_length: facts.publicKeyOctets * 8 }
}

/** As `openssl pkey -pubout` writes it, final newline included: the hash is over this text. */
function toPublicPem(spki: Buffer): string {
  const lines = spki.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n')
}
