import { createHash } from 'node:crypto'
import { type KeyAlgorithmName, keyAlgorithms, toPublicKeyPem } from '@csr-foundry/csr'
import type { KeyRecord } from '@csr-foundry/records'
import { z } from 'zod'
import { momentOf } from '../../moment-of.ts'

export const privateKeyView = z.object({
  id: z.string(),
  type: z.literal('tls_private_key'),
  attributes: z.object({
    key_type: z.string().describe('`RSA`, `EC`, or the name of a kind that Fastly does not have.'),
    key_length: z.int().describe('Bits.'),
    name: z.string().nullable(),
    created_at: z.iso.datetime(),
    replace: z.literal(false),
    public_key_sha1: z.string().regex(/^[0-9a-f]{40}$/),
  }),
})

export const privateKeyDocumentView = z
  .object({ data: privateKeyView })
  .meta({ id: 'FastlyPrivateKey' })

/** A private key as Fastly shows it: what is public of it. Keys that Fastly does not have are shown in the same form. */
export function privateKeyResource({
  id,
  algorithm,
  name,
  created,
  spki,
}: KeyRecord): z.output<typeof privateKeyView> {
  return {
    id,
    type: 'tls_private_key',
    attributes: {
      ...keyFacts(algorithm),
      name: name ?? null,
      created_at: momentOf(created),
      replace: false,
      // Over the text, its final newline included.
      public_key_sha1: createHash('sha1').update(toPublicKeyPem(spki)).digest('hex'),
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
