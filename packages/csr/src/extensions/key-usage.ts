import { z } from 'zod'
import { oids } from '../csr-oids.ts'
import { expectTag, tags } from '../der/der-reader.ts'
import { namedBits } from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import { type KeyAlgorithmName, keyAlgorithms } from '../keys/key-algorithms.ts'
import type { KeyKind } from '../public-keys/public-key.ts'
import { bounded, chosen, fieldsOf } from '../schemas.ts'
import type { ExtensionForm } from './extension-form.ts'

/**
 * The key usages in the order of their bits (RFC 5280 section 4.2.1.3).
 *
 * @example
 * ```ts
 * keyUsageNames.indexOf('keyEncipherment') // => 2
 * ```
 */
export const keyUsageNames = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

/** Name of a key usage. */
export type KeyUsageName = (typeof keyUsageNames)[number]

/** The keyUsage extension: its usages in the order of their bits. */
export type KeyUsage = { usages: KeyUsageName[]; critical: boolean }

const usageListSchema = z
  .array(
    z.enum(keyUsageNames, `must be one of ${keyUsageNames.join(', ')}`),
    'must be an array of key usages',
  )
  .min(1, 'is empty; at least one key usage is needed, or leave keyUsage out')
  .refine(
    (usages) => new Set(usages).size === usages.length,
    'has a usage twice; each is allowed once',
  )
  .transform((usages) => keyUsageNames.filter((name) => usages.includes(name)))

// What a key can do by its kind: RFC 3279 section 2.3.1 (RSA), RFC 8813 section 3 (EC), RFC 8410
// section 5 (Ed25519), RFC 9881 section 5 (ML-DSA).
const signing: readonly KeyUsageName[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyCertSign',
  'cRLSign',
]
const usagesOfKinds: Readonly<Partial<Record<KeyKind, readonly KeyUsageName[]>>> = {
  rsa: [...signing, 'keyEncipherment', 'dataEncipherment'],
  ec: [...signing, 'keyAgreement', 'encipherOnly', 'decipherOnly'],
  ed25519: signing,
  ed448: signing,
  'ml-dsa': signing,
}

const usagesSchema = bounded(usageListSchema, 100, 'key usages')

const usageFields = fieldsOf(
  { usages: usagesSchema, critical: z.boolean('must be true or false').default(true) },
  'an array of key usages, or ',
)

/**
 * Whether keys of an algorithm can be used so: an EC key enciphers nothing (RFC 8813 section 3).
 *
 * @returns what is wrong and what is allowed, without the field's name; undefined if nothing is
 *
 * @example
 * ```ts
 * checkKeyUsage('rsa-2048', ['keyEncipherment']) // => undefined
 * checkKeyUsage('ed25519', ['keyAgreement']) // => "has keyAgreement, which a key of ed25519 cannot do; it can have digitalSignature, nonRepudiation, keyCertSign, cRLSign"
 * ```
 */
export function checkKeyUsage(
  algorithm: KeyAlgorithmName,
  usages: readonly KeyUsageName[],
): string | undefined {
  return checkUsageOfKind(keyAlgorithms[algorithm].kind, algorithm, usages)
}

/** The same for a key of a kind, which need not be of an algorithm that is made here. */
export function checkUsageOfKind(
  kind: KeyKind,
  keyName: string,
  usages: readonly KeyUsageName[],
): string | undefined {
  const allowed = usagesOfKinds[kind]
  const wrong = usages.filter((usage) => allowed?.includes(usage) === false)
  if (allowed === undefined || wrong.length === 0) return undefined
  return `has ${wrong.join(', ')}, which a key of ${keyName} cannot do; it can have ${allowed.join(', ')}`
}

/**
 * Whether keyCertSign stands beside a cA that is true, without which it must not (RFC 5280 section
 * 4.2.1.9).
 */
export function checkCertSign(
  usages: readonly KeyUsageName[] = [],
  ca: boolean | undefined,
): string | undefined {
  if (!usages.includes('keyCertSign') || ca === true) return undefined
  return 'has keyCertSign without basicConstraints that say ca; both are needed, or neither'
}

/**
 * Whether encipherOnly or decipherOnly, not both, stands beside keyAgreement, of which they speak
 * (RFC 5280 section 4.2.1.3, RFC 5480 section 3).
 */
export function checkOnlyUsages(usages: readonly KeyUsageName[]): string | undefined {
  const only = usages.filter((usage) => usage === 'encipherOnly' || usage === 'decipherOnly')
  if (only.length > 1) return 'has encipherOnly and decipherOnly; one of them is allowed'
  if (only.length === 0 || usages.includes('keyAgreement')) return undefined
  return `has ${only[0]} without keyAgreement, of which it speaks; both are needed, or neither`
}

/** keyUsage (RFC 5280 section 4.2.1.3): critical unless something else is asked for. */
export const keyUsageForm: ExtensionForm<KeyUsage> = {
  oid: oids.keyUsage,
  schema: chosen<KeyUsage>(
    (input) =>
      Array.isArray(input)
        ? usagesSchema.transform((usages) => ({ usages, critical: true }))
        : usageFields,
    () => [usagesSchema, usageFields],
  ),
  encode: ({ usages }) => namedBits(usages.map((name) => keyUsageNames.indexOf(name))),
  critical: ({ critical }) => critical,
  read: (element, critical, reading, pointer) => {
    expectTag(element, tags.bitString, 'the key usage')
    const [unused = 8, ...octets] = element.content
    if (unused > 7 || (octets.length === 0 && unused > 0)) {
      throw new CsrError('malformed_der', 'The key usage is not a bit string.')
    }
    const last = octets.at(-1) ?? 0
    const belowLast = last & ((1 << unused) - 1)
    if (octets.length > 0 && (belowLast !== 0 || ((last >> unused) & 1) === 0)) {
      reading.report(
        'der_bit_string',
        pointer,
        'The key usage has bits beyond its last one that is set; a list of named bits ends there.',
      )
    }
    const bits = setBits(octets, octets.length * 8 - unused)
    const usages = keyUsageNames.filter((_, bit) => bits.includes(bit))
    if (bits.some((bit) => bit >= keyUsageNames.length)) {
      reading.report(
        'extension_malformed',
        pointer,
        `The key usage has a bit after the last of its names, ${keyUsageNames.at(-1)}.`,
      )
    }
    if (usages.length === 0) {
      reading.report(
        'key_usage_empty',
        pointer,
        'The key usage has no usage; at least one is needed, or no key usage.',
      )
    }
    return { usages, critical }
  },
}

/** The numbers of the bits that are set among the first ones. */
function setBits(octets: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, bit) => bit).filter(
    (bit) => (((octets[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0,
  )
}
