import { z } from 'zod'
import { oids } from '../csr-oids.ts'
import { expectTag, readOid, tags } from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { checkOid } from '../der/oid.ts'
import { bounded, chosen, fieldsOf } from '../schemas.ts'
import type { ExtensionForm } from './extension-form.ts'

/**
 * The purposes that have a name: RFC 5280 section 4.2.1.12, RFC 4556, RFC 4945, RFC 6187, RFC 9336
 * and Microsoft's.
 */
const purposes = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  ipsecIKE: '1.3.6.1.5.5.7.3.17',
  secureShellClient: '1.3.6.1.5.5.7.3.21',
  secureShellServer: '1.3.6.1.5.5.7.3.22',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  anyExtendedKeyUsage: '2.5.29.37.0',
  pkinitClientAuth: '1.3.6.1.5.2.3.4',
  pkinitKdc: '1.3.6.1.5.2.3.5',
  smartcardLogon: '1.3.6.1.4.1.311.20.2.2',
  encryptingFileSystem: '1.3.6.1.4.1.311.10.3.4',
} as const

/**
 * Names of the purposes of a key, each of which stands for its object identifier.
 *
 * @example
 * ```ts
 * extendedKeyUsageNames.slice(0, 2) // => ['serverAuth', 'clientAuth']
 * ```
 */
export const extendedKeyUsageNames = Object.keys(purposes) as (keyof typeof purposes)[]

/** The extendedKeyUsage extension: names or dotted object identifiers in their order. */
export type ExtendedKeyUsage = { usages: string[]; critical: boolean }

const namesByOid: ReadonlyMap<string, string> = new Map(
  Object.entries(purposes).map(([name, oid]) => [oid, name]),
)

const purposeSchema = z.string('must be a string').transform((text, context) => {
  if (Object.hasOwn(purposes, text)) return text
  if (checkOid(text) === undefined) return namesByOid.get(text) ?? text
  const message = `is not a purpose; ${extendedKeyUsageNames.join(', ')} or a dotted object identifier is needed`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const usageListSchema = z
  .array(purposeSchema, 'must be an array of purposes')
  .min(1, 'is empty; at least one purpose is needed, or leave extendedKeyUsage out')
  .refine(
    (usages) => new Set(usages).size === usages.length,
    'has a purpose twice; each is allowed once',
  )

const usagesSchema = bounded(usageListSchema, 100, 'purposes')

const usageFields = fieldsOf(
  { usages: usagesSchema, critical: z.boolean('must be true or false').default(false) },
  'an array of purposes, or ',
)

/** extendedKeyUsage (RFC 5280 section 4.2.1.12): not critical unless that is asked for. */
export const extendedKeyUsageForm: ExtensionForm<ExtendedKeyUsage> = {
  oid: oids.extendedKeyUsage,
  schema: chosen<ExtendedKeyUsage>(
    (input) =>
      Array.isArray(input)
        ? usagesSchema.transform((usages) => ({ usages, critical: false }))
        : usageFields,
    () => [usagesSchema, usageFields],
  ),
  encode: ({ usages }) =>
    der.sequence(
      usages.map((usage) =>
        der.oid(Object.hasOwn(purposes, usage) ? purposes[usage as keyof typeof purposes] : usage),
      ),
    ),
  critical: ({ critical }) => critical,
  read: (element, critical, reading, pointer) => {
    expectTag(element, tags.sequence, 'the extended key usage')
    if (element.children.length === 0) {
      reading.report(
        'extended_key_usage_empty',
        pointer,
        'The extended key usage has no purpose; at least one is needed.',
      )
    }
    const usages = element.children.map(readOid).map((oid) => namesByOid.get(oid) ?? oid)
    return { usages, critical }
  },
}
