import { z } from 'zod'
import { checkCharacters, checkLength } from './character-rules.ts'
import { checkOid } from './der/oid.ts'
import {
  type DigestName,
  digestNames,
  type KeyAlgorithmName,
  keyAlgorithmNames,
  keyAlgorithms,
} from './keys/key-algorithms.ts'
import { checkDnsName } from './names/dns-name.ts'
import { checkEmailAddress } from './names/email-address.ts'
import type { SubjectAltName } from './names/general-names.ts'
import { checkIpAddress } from './names/ip-address.ts'
import { checkUri } from './names/uri.ts'
import type { Rdn } from './subject/distinguished-name.ts'
import { attributeTypes, checkAttributeValue } from './subject/subject-attributes.ts'

/** Which key a request needs and what its signature is made over. */
export type KeySpec = { algorithm: KeyAlgorithmName; digest: DigestName }

/**
 * Whether the private key stays for ever (`internal`) or may be given to its owner
 * (`exportable`).
 */
export type Custody = 'internal' | 'exportable'

/**
 * What is asked for, in the normalised form that travels and is stored as JSON. Subject and names
 * are in the order in which the CSR has them; nothing is added to them.
 */
export type Spec = {
  /** The client's own name for the request: 1 to 255 characters. */
  ref?: string
  subject: Rdn[]
  subjectAltNames: SubjectAltName[]
  key: KeySpec
  custody: Custody
}

const maxRef = 255

const attributeSchema = z
  .strictObject({ type: z.enum(attributeTypes), value: z.string() })
  .superRefine(({ type, value }, context) => {
    const message = checkAttributeValue(type, value)
    if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['value'] })
  })

const rdnSchema = z
  .array(attributeSchema)
  .min(1, 'is empty; an RDN has at least one attribute')
  .refine(
    (rdn) => new Set(rdn.map(({ type }) => type)).size === rdn.length,
    'has an attribute type twice; each type once is allowed in one RDN',
  )

const subjectAltNameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dns'), value: checked(checkDnsName) }),
  z.strictObject({ type: z.literal('ip'), value: checked(checkIpAddress) }),
  z.strictObject({ type: z.literal('email'), value: checked(checkEmailAddress) }),
  z.strictObject({ type: z.literal('uri'), value: checked(checkUri) }),
  z.strictObject({
    type: z.literal('dirName'),
    value: z.array(rdnSchema).min(1, 'is empty; a directory name has at least one RDN'),
  }),
  z.strictObject({ type: z.literal('rid'), value: checked(checkOid) }),
  z.strictObject({
    type: z.literal('otherName'),
    oid: checked(checkOid),
    value: checked(checkCharacters),
  }),
])

const keySchema = z
  .strictObject({ algorithm: z.enum(keyAlgorithmNames), digest: z.enum(digestNames) })
  .superRefine(({ algorithm, digest }, context) => {
    const { digests } = keyAlgorithms[algorithm]
    if (digests.has(digest)) return
    const allowed = [...digests.keys()].join(', ')
    const message = `is ${digest}; with ${algorithm} the digest can be ${allowed}`
    context.addIssue({ code: 'custom', message, path: ['digest'] })
  })

/**
 * Checks a spec in its normalised form and reports every fault at once, each with its path.
 * Messages of the rules start without the field's name. Names that repeat are not refused: see
 * `duplicateNames`.
 */
export const specSchema: z.ZodType<Spec> = z
  .strictObject({
    ref: z.exactOptional(checked((ref) => checkCharacters(ref) ?? checkLength(ref, maxRef))),
    subject: z.array(rdnSchema),
    subjectAltNames: z.array(subjectAltNameSchema),
    key: keySchema,
    custody: z.enum(['internal', 'exportable']),
  })
  .refine(({ subject, subjectAltNames }) => subject.length + subjectAltNames.length > 0, {
    message:
      'is empty and there are no subject alternative names; one of them has to say who it is',
    path: ['subject'],
  })

function checked(check: (value: string) => string | undefined) {
  return z.string().superRefine((value, context) => {
    const message = check(value)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}
