/**
 * Who an export is encrypted for: a public JWK (RFC 7517), of RSA, P-256 or X25519.
 *
 * Rules: a member of a private key is refused before anything else, whatever the rest is: who sends one has to hear it. What
 * is not known is passed over (RFC 7517 section 4). Only the members that count come through, so what is kept of a recipient
 * has no text of its owner's but `kid`; what came through is taken again as it is.
 */
import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { publicKeyFaults } from '@csr-foundry/csr'
import { z } from 'zod'

const leaked =
  'you have sent a PRIVATE key: treat it as leaked, make a new one, and send its public half only'
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

const withoutPrivateMembers = z
  .looseObject({}, { error: ({ input }) => notAnObject(input) })
  .superRefine((given, { addIssue }) => {
    const sent = privateMembers.filter((name) => Object.hasOwn(given, name))
    for (const name of sent) {
      addIssue({
        code: 'custom',
        path: [name],
        message: `is a member of a private key; ${leaked}`,
      })
    }
  })

function notAnObject(input: unknown): string {
  const isPem = typeof input === 'string' && /BEGIN [A-Z ]*PRIVATE KEY/.test(input)
  return isPem ? `must be a public JWK; ${leaked}` : 'must be an object with a public JWK'
}

const octetsOf = (text: string) => Buffer.from(text, 'base64url')

const base64url = z.string('must be a string in base64url').refine(
  // Buffer.from skips what is not base64url: only a text that it would write itself was all read.
  (text) => text.length > 0 && octetsOf(text).toString('base64url') === text,
  { error: 'must be base64url without padding (RFC 7515 section 2)', abort: true },
)

/** Of fixed length: RFC 7518 section 6.2.1.2, RFC 8037 section 2. */
const coordinate = base64url.refine((text) => octetsOf(text).length === 32, {
  error: 'must have 32 octets',
  abort: true,
})

/** Base64urlUInt: RFC 7518 section 2. */
const numberUpTo = (bits: number) =>
  base64url
    .max(Math.ceil(bits / 6), { error: `has more than ${bits} bits`, abort: true })
    .refine((text) => (octetsOf(text)[0] ?? 0) !== 0, {
      error: 'must be a number above 0 without zero octets in front',
      abort: true,
    })

const usedFor = <Algorithm extends string>(alg: Algorithm, operations: readonly string[]) => ({
  alg: z.literal(alg, `must be ${alg}, or left out`).default(alg),
  use: z.literal('enc', 'must be enc, or left out').optional(),
  key_ops: z
    .array(z.string('must be a string'), 'must be an array')
    .refine((given) => given.some((one) => operations.includes(one)), {
      error: `must have one of ${operations.join(', ')}, or be left out`,
    })
    .optional(),
  kid: z
    .string('must be a string')
    .max(256, 'has more than 256 characters')
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'has a control character')
    .optional(),
})

const keyAgreement = () => {
  const { key_ops, ...rest } = usedFor('ECDH-ES', ['deriveKey', 'deriveBits'])
  // WebCrypto writes none for a public key: its private half derives.
  return { ...rest, key_ops: z.union([z.tuple([]), key_ops.unwrap()]).optional() }
}

const rsa = z
  .object({
    kty: z.literal('RSA'),
    n: numberUpTo(8_192),
    // OpenSSL takes no longer one for moduli above 3072 bits.
    e: numberUpTo(64),
    ...usedFor('RSA-OAEP-256', ['encrypt', 'wrapKey']),
  })
  .superRefine(({ kty, n, e }, { addIssue }) => {
    const spki = publicKeyOf({ kty, n, e })?.export({ format: 'der', type: 'spki' })
    for (const { code, message } of publicKeyFaults(spki ?? Buffer.alloc(0))) {
      const path = [code.startsWith('key_rsa_exponent') ? 'e' : 'n']
      addIssue({ code: 'custom', path, message })
    }
  })
  .transform(({ kty, n, e, alg, kid }) => ({ kty, n, e, alg, ...named(kid) }))

const p256 = z
  .object({
    kty: z.literal('EC'),
    crv: z.literal('P-256', 'must be P-256'),
    x: coordinate,
    y: coordinate,
    ...keyAgreement(),
  })
  .refine(({ kty, crv, x, y }) => publicKeyOf({ kty, crv, x, y }) !== undefined, {
    path: ['x'],
    error: 'is not, with y, a point of the curve P-256',
  })
  .transform(({ kty, crv, x, y, alg, kid }) => ({ kty, crv, x, y, alg, ...named(kid) }))

const x25519 = z
  .object({
    kty: z.literal('OKP'),
    crv: z.literal('X25519', 'must be X25519; keys of other curves sign, or are not taken'),
    x: coordinate,
    ...keyAgreement(),
  })
  .refine(({ kty, crv, x }) => agreesOnASecret({ kty, crv, x }), {
    path: ['x'],
    error: 'is a point of small order: what is encrypted to it can be read by anybody',
  })
  .transform(({ kty, crv, x, alg, kid }) => ({ kty, crv, x, alg, ...named(kid) }))

const named = (kid: string | undefined) => (kid === undefined ? {} : { kid })

/** The point is held against its curve by node:crypto; undefined for one that is off it. */
function publicKeyOf(key: Readonly<Record<string, string>>): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: 'jwk' })
  } catch {
    return undefined
  }
}

/** With a point of small order every private key agrees on zeros (RFC 7748 section 6.1), which OpenSSL refuses. */
function agreesOnASecret(jwk: Readonly<Record<string, string>>): boolean {
  const publicKey = publicKeyOf(jwk)
  if (publicKey === undefined) return false
  const { privateKey } = generateKeyPairSync('x25519')
  try {
    diffieHellman({ privateKey, publicKey }).fill(0)
    return true
  } catch {
    return false
  }
}

/** A recipient's public JWK, from whoever calls. */
export const recipientJwk = withoutPrivateMembers
  .pipe(z.discriminatedUnion('kty', [rsa, p256, x25519], 'must be RSA, EC or OKP'))
  .meta({
    description:
      'A public JWK (RFC 7517): RSA of 2048 to 8192 bits for RSA-OAEP-256, or EC P-256 or OKP X25519 for ECDH-ES.',
    required: ['kty'],
    properties: { kty: { enum: ['RSA', 'EC', 'OKP'] } },
  })

/** The members of a recipient's public JWK that count, with the `alg` that it is used with. */
export type Recipient = z.output<typeof recipientJwk>
