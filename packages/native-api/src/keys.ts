import { z } from 'zod'
import { cursor, idSchema, limitOf, moment } from './fields.ts'
import { keyAlgorithmNames } from './key-algorithm-names.ts'

export const keyAlgorithm = z.enum(keyAlgorithmNames).meta({ id: 'KeyAlgorithm' })
export const custody = z
  .enum(['internal', 'exportable'], 'must be internal or exportable')
  .meta({ id: 'Custody' })

/** A key: `publicKey` is its SubjectPublicKeyInfo as PEM, `spkiSha256` the hash of its DER in hex. */
export const keyView = z
  .object({
    id: idSchema,
    name: z.string().optional(),
    algorithm: keyAlgorithm,
    publicKey: z.string(),
    spkiSha256: z.string(),
    custody,
    origin: z.enum(['generated', 'imported']),
    inUse: z.boolean(),
    created: moment,
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Key' })
export type KeyView = z.output<typeof keyView>

/** What a name may be, in whatever dialect. */
export const keyNameText = z
  .string('must be a string')
  .max(255, 'has more than 255 characters')
  // A name is printed to terminals and logs of those who list keys.
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'has a control character')

export const keyName = keyNameText.min(1, 'is empty; leave it out for none')

/**
 * POST /v1/keys: a private key as PEM (PKCS#8, also encrypted; PKCS#1; SEC 1). `password` opens an encrypted one. `custody`
 * left out: the policy's.
 */
export const newKeyBody = z
  .strictObject({
    privateKey: z
      .string('must be a string with the key as PEM')
      .max(65_536, 'is too long for a key'),
    password: z.string('must be a string').max(1_024, 'has more than 1,024 characters').optional(),
    name: keyName.optional(),
    custody: custody.optional(),
  })
  .meta({ id: 'NewKey' })

/** An exported private key: a compact JWE of its PKCS#8 DER, or PEM of PKCS#8 under a password. */
export const keyExportView = z.union([
  z.object({ id: idSchema, jwe: z.string() }),
  z.object({ id: idSchema, pem: z.string() }),
])
export type KeyExportView = z.output<typeof keyExportView>

/** GET /v1/keys: imported keys and those of single requests, newest first. */
export const keyListQuery = z.strictObject({
  inUse: z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .optional(),
  cursor: cursor.optional(),
  limit: limitOf(1_000, 100),
})

export const keyListView = z
  .object({ keys: z.array(keyView), next: z.string().optional() })
  .meta({ id: 'KeyList' })
