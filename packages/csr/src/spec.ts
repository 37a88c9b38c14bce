import { z } from 'zod'
import { type Attributes, attributesSchema } from './attributes/attributes.ts'
import { checkCharacters, checkLength } from './character-rules.ts'
import { checkPathLength } from './extensions/basic-constraints.ts'
import { type Extensions, extensionsSchema } from './extensions/extensions.ts'
import { checkCertSign, checkKeyUsage, checkOnlyUsages } from './extensions/key-usage.ts'
import {
  type DigestName,
  digestNames,
  type KeyAlgorithmName,
  keyAlgorithmNames,
  keyAlgorithms,
} from './keys/key-algorithms.ts'
import type { SubjectAltName } from './names/general-names.ts'
import { subjectAltNameSchema } from './names/subject-alt-name-schema.ts'
import { duplicateNames } from './names/subject-alt-names.ts'
import { bounded, checked, chosen, evenIfFaulty, fieldsOf, isSound } from './schemas.ts'
import { type SpecFault, specFaults } from './spec-faults.ts'
import { checkSize, mostNames } from './spec-size.ts'
import type { Rdn } from './subject/distinguished-name.ts'
import { nameSchema } from './subject/name-schema.ts'

/**
 * Which key a request needs and what its signature is made over; Ed25519 and ML-DSA have no
 * digest of their own choice.
 */
export type KeySpec = { algorithm: KeyAlgorithmName; digest?: DigestName }

/** A key that is there already, by its id; `digest` as in a `KeySpec`, if it is an RSA key. */
export type KeyReference = { id: string; digest?: DigestName }

/**
 * Whether the private key stays for ever (`internal`) or may be given to its owner
 * (`exportable`).
 */
export type Custody = 'internal' | 'exportable'

/**
 * What is asked for, in the normalised form that travels and is stored as JSON. Subject and names
 * are in the order in which the CSR has them; nothing is added to them.
 *
 * `Key` is a `KeySpec` once it is known which key it will be.
 */
export type Spec<Key extends KeySpec | KeyReference = KeySpec> = {
  /** The client's own name for the request: 1 to 255 characters. */
  ref?: string
  subject: Rdn[]
  subjectAltNames: SubjectAltName[]
  key: Key
  custody: Custody
  extensions?: Extensions
  attributes?: Attributes
}

/** What stands where a spec says nothing of it. */
export type SpecDefaults = { key?: KeySpec; custody?: Custody }

const maxRef = 255
const defaultKey: KeySpec = { algorithm: 'ecdsa-p256', digest: 'sha256' }
const custodies = ['internal', 'exportable'] as const
const digest = z.enum(digestNames, `must be one of ${digestNames.join(', ')}`)

const generatedKeySchema: z.ZodType<KeySpec> = fieldsOf(
  {
    algorithm: z.enum(keyAlgorithmNames, `must be one of ${keyAlgorithmNames.join(', ')}`),
    digest: z.exactOptional(digest),
  },
  'an object with the id of a key, or ',
)
  .superRefine(({ algorithm, digest }, context) => {
    const { signatureAlgorithms } = keyAlgorithms[algorithm]
    if (digest === undefined || signatureAlgorithms.has(digest)) return
    const allowed = [...signatureAlgorithms.keys()].filter((name) => name !== undefined)
    const message =
      allowed.length === 0
        ? `is ${digest}; ${algorithm} takes no digest: leave it out`
        : `is ${digest}; with ${algorithm} the digest can be ${allowed.join(', ')}`
    context.addIssue({ code: 'custom', message, path: ['digest'] })
  })
  .transform(({ algorithm, digest = keyAlgorithms[algorithm].defaultDigest }) => ({
    algorithm,
    ...(digest === undefined ? {} : { digest }),
  }))

const keyReferenceSchema: z.ZodType<KeyReference> = z.strictObject(
  {
    id: z
      .string('must be a string')
      .regex(/^[1-9]\d{0,15}$/, 'is not the id of a key; digits such as "42" are needed'),
    digest: z.exactOptional(digest),
  },
  {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? 'is not known beside id; a key has an algorithm, or the id of one that is there'
        : 'must be an object with an algorithm or an id',
  },
)

const keyOrReferenceSchema = chosen<KeySpec | KeyReference>(
  (input) =>
    typeof input === 'object' && input !== null && 'id' in input
      ? keyReferenceSchema
      : generatedKeySchema,
  () => [generatedKeySchema, keyReferenceSchema],
)

/** A spec as it was parsed: its key may be one that is there already. */
export type ParsedSpec = Spec<KeySpec | KeyReference>

const fields = {
  ref: z.exactOptional(checked((ref) => checkCharacters(ref) ?? checkLength(ref, maxRef))),
  subject: nameSchema.default([]),
  subjectAltNames: bounded(
    z.array(subjectAltNameSchema, 'must be an array of names'),
    mostNames,
    'names',
  ).default([]),
  key: keyOrReferenceSchema.default(defaultKey),
  custody: z
    .enum(custodies, `must be one of ${custodies.join(', ')}`)
    .default('internal')
    // Not told where the schema is described: who parses with other defaults would tell wrong.
    .meta({ default: undefined }),
  extensions: z.exactOptional(extensionsSchema),
  attributes: z.exactOptional(attributesSchema),
}

/** What one field says of another. A rule is left out where a place that it looks at has a fault. */
type RuleAcrossFields = {
  at: readonly string[]
  needs: readonly (readonly string[])[]
  check: (spec: ParsedSpec) => string | undefined
}

const keyUsagePlace = ['extensions', 'keyUsage'] as const
const constraintsPlace = ['extensions', 'basicConstraints'] as const
const pathLengthPlace = [...constraintsPlace, 'pathLength'] as const

const rulesAcrossFields: readonly RuleAcrossFields[] = [
  {
    at: ['subjectAltNames'],
    needs: [['subject'], ['subjectAltNames']],
    check: checkSize,
  },
  {
    at: ['subject'],
    needs: [['subject'], ['subjectAltNames']],
    check: ({ subject, subjectAltNames }) =>
      subject.length + subjectAltNames.length > 0
        ? undefined
        : 'is empty and there are no subject alternative names; one of them has to say who it is',
  },
  {
    at: keyUsagePlace,
    needs: [keyUsagePlace, ['key']],
    check: ({ key, extensions }) =>
      'algorithm' in key
        ? checkKeyUsage(key.algorithm, extensions?.keyUsage?.usages ?? [])
        : undefined,
  },
  {
    at: keyUsagePlace,
    needs: [keyUsagePlace, constraintsPlace],
    check: ({ extensions }) =>
      checkCertSign(extensions?.keyUsage?.usages, extensions?.basicConstraints?.ca),
  },
  {
    at: keyUsagePlace,
    needs: [keyUsagePlace],
    check: ({ extensions }) => checkOnlyUsages(extensions?.keyUsage?.usages ?? []),
  },
  {
    at: pathLengthPlace,
    needs: [constraintsPlace],
    check: ({ extensions }) => checkPathLength(extensions?.basicConstraints, undefined),
  },
  {
    at: pathLengthPlace,
    needs: [keyUsagePlace, constraintsPlace],
    check: ({ extensions }) =>
      extensions?.basicConstraints?.ca === true
        ? checkPathLength(extensions.basicConstraints, extensions.keyUsage?.usages)
        : undefined,
  },
]

/**
 * Takes a spec as a client writes it (or one that is normalised already, which stays as it is) and
 * reports every fault at once. Messages start without the field's name. A dialect whose product keeps
 * names that repeat (LXCA) makes its specs itself.
 *
 * @example
 * ```ts
 * specSchema.parse({ subject: { CN: 'a' } }) // => { subject: [[{ type: 'CN', value: 'a' }]], subjectAltNames: [], key: { algorithm: 'ecdsa-p256', digest: 'sha256' }, custody: 'internal' }
 * ```
 */
export const specSchema: z.ZodType<ParsedSpec> = fieldsOf(fields)
  .superRefine((spec, context) => {
    const ofFields = [...context.issues]
    for (const { at, needs, check } of rulesAcrossFields) {
      const message = needs.every((place) => isSound(ofFields, place)) ? check(spec) : undefined
      if (message !== undefined) context.addIssue({ code: 'custom', path: [...at], message })
    }
    if (!isSound(ofFields, ['subjectAltNames'])) return
    for (const { index, firstIndex } of duplicateNames(spec.subjectAltNames)) {
      const message = `is there already, at /subjectAltNames/${firstIndex}; each name is allowed once`
      context.addIssue({ code: 'custom', path: ['subjectAltNames', index], message })
    }
  }, evenIfFaulty)
  .meta({ id: 'Spec' })

/**
 * Takes a spec as `specSchema` does, with other values for what it says nothing of.
 *
 * @returns the normalised spec, or every fault with its place
 *
 * @example
 * ```ts
 * parseSpec({ subject: { commonName: 'edge-1.example.com' } }).ok // => true
 * parseSpec({ subject: { country: 'UK' } }) // => { ok: false, faults: [{ pointer: '/subject/country', detail: 'is not a country code; an assigned ISO 3166-1 alpha-2 code in upper case is needed, such as US' }] }
 * ```
 */
export function parseSpec(
  input: unknown,
  defaults: SpecDefaults = {},
): { ok: true; spec: ParsedSpec } | { ok: false; faults: SpecFault[] } {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input)
  const result = specSchema.safeParse(isObject ? withDefaults(input, defaults) : input)
  return result.success
    ? { ok: true, spec: result.data }
    : { ok: false, faults: specFaults(result.error) }
}

/**
 * A spec with the key that it will have: what could not be looked at before its algorithm was
 * known is looked at now. A digest that was asked for beside the key's id stays.
 *
 * @example
 * ```ts
 * const { spec } = parseSpec({ subject: { CN: 'a' }, key: { id: '42' } })
 * withKey(spec, { algorithm: 'ed25519' }).spec.key // => { algorithm: 'ed25519' }
 * ```
 */
export function withKey(
  spec: ParsedSpec,
  key: KeySpec,
): { ok: true; spec: Spec } | { ok: false; faults: SpecFault[] } {
  const asked = 'id' in spec.key && spec.key.digest !== undefined ? { digest: spec.key.digest } : {}
  const normalised = generatedKeySchema.safeParse({ ...key, ...asked })
  if (!normalised.success) {
    const faults = specFaults(normalised.error)
    return {
      ok: false,
      faults: faults.map(({ pointer, detail }) => ({ pointer: `/key${pointer}`, detail })),
    }
  }
  const result = specSchema.safeParse({ ...spec, key: normalised.data })
  return result.success
    ? { ok: true, spec: { ...result.data, key: normalised.data } }
    : { ok: false, faults: specFaults(result.error) }
}

/** A default stands also where a field is there and undefined, as a dialect's parser may leave it. */
function withDefaults(input: object, defaults: SpecDefaults): object {
  const given: Record<string, unknown> = { ...input }
  for (const [field, value] of Object.entries(defaults)) {
    if (given[field] === undefined) given[field] = value
  }
  return given
}
