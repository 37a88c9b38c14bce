/**
 * The body of POST /tls/certificate_signing_requests, parsed into what is asked for.
 *
 * The key's id comes in two shapes: as a relationship, and as an attribute whose name is "relationships.tls_private_key.id",
 * which the generated clients of Python, Ruby, Go and Rust send.
 */
import {
  type AttributeTypeAndValue,
  anyOf,
  checkAttributeValue,
  type KeyAlgorithmName,
  type SubjectAltName,
} from '@csr-foundry/csr'
import { z } from 'zod'
import { evenIfFaulty, members, resourceType } from './json-api.ts'
import { sansRequired, sansSchema } from './sans.ts'

/** The attributes of the subject, in the order in which the CSR has them. */
const subjectTypes = {
  country: 'C',
  state: 'ST',
  city: 'L',
  postal_code: 'postalCode',
  street_address: 'street',
  organization: 'O',
  organizational_unit: 'OU',
  common_name: 'CN',
  email: 'emailAddress',
} as const satisfies Record<string, AttributeTypeAndValue['type']>

type SubjectName = keyof typeof subjectTypes
const subjectNames = Object.keys(subjectTypes) as SubjectName[]

const keyTypes = {
  RSA2048: 'rsa-2048',
  ECDSA256: 'ecdsa-p256',
} as const satisfies Record<string, KeyAlgorithmName>

const usualKey = keyTypes.RSA2048

const keyIdName = 'relationships.tls_private_key.id'
const namedKeyPointer = `/data/attributes/${keyIdName}`
const relatedKeyPointer = '/data/relationships/tls_private_key/data/id'

const subjectText = (type: AttributeTypeAndValue['type']) =>
  z
    .string('must be a string')
    .superRefine((value, context) => {
      const message = checkAttributeValue(type, value)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .nullish()

const keyType = anyOf(() => [z.enum(Object.keys(keyTypes))])
  .transform((input, context): KeyAlgorithmName => {
    const algorithm = Object.entries(keyTypes).find(([name]) => name === input)?.[1]
    if (algorithm !== undefined) return algorithm
    const message = `is not allowed; ${Object.keys(keyTypes).join(' or ')} is needed`
    context.addIssue({ code: 'custom', message, params: { fault: 'key_type_not_allowed' } })
    return z.NEVER
  })
  .nullish()

/** Blank stands for none. */
const keyId = z
  .string('must be a string')
  .transform((id) => (id.trim() === '' ? undefined : id))
  .nullish()

const attributesSchema = members({
  sans: sansSchema,
  ...(Object.fromEntries(
    subjectNames.map((name) => [name, subjectText(subjectTypes[name])]),
  ) as Record<SubjectName, ReturnType<typeof subjectText>>),
  key_type: keyType,
  [keyIdName]: keyId,
})
  .superRefine((attributes, context) => {
    if (!('sans' in attributes)) context.addIssue(sansRequired)
  }, evenIfFaulty)
  .meta({ required: ['sans'] })

const relationshipsSchema = members({
  tls_private_key: members({
    data: members({ type: resourceType('tls_private_key'), id: keyId }).nullish(),
  }).nullish(),
})

const dataSchema = members({
  type: resourceType('csr'),
  attributes: attributesSchema.optional(),
  relationships: relationshipsSchema.nullish(),
})
  .superRefine((data, context) => {
    if (!('attributes' in data)) context.addIssue(sansRequired)
    const { attributes } = data
    const [related, named] = keyIdsOf(data)
    if (attributes?.key_type && (related ?? named) !== undefined) {
      context.addIssue({
        code: 'custom',
        message: 'and tls_private_key are both there; a key that is there already has its own type',
        path: ['attributes', 'key_type'],
        params: { fault: 'key_and_key_type' },
      })
    }
    if (related !== undefined && named !== undefined && related !== named) {
      const message = 'is another id than that of the relationship tls_private_key; one is needed'
      context.addIssue({ code: 'custom', message, path: ['attributes', keyIdName] })
    }
  }, evenIfFaulty)
  .meta({ required: ['attributes'] })

/** A document as it is sent. Whatever is in it is looked at, also where other parts of it have faults. */
export const csrBody = members({
  data: dataSchema.optional(),
  jsonapi: z.looseObject({}, 'must be an object').optional(),
})
  .superRefine((body, context) => {
    if (!('data' in body)) context.addIssue(sansRequired)
  }, evenIfFaulty)
  .meta({ required: ['data'] })
  .transform(({ data }): CsrSpec => {
    const attributes = data?.attributes
    const [related, named] = data ? keyIdsOf(data) : []
    return {
      sans: attributes?.sans ?? [],
      subject: subjectNames.flatMap((name) => {
        const value = attributes?.[name]
        return value ? [{ type: subjectTypes[name], value }] : []
      }),
      ...keyFrom(related, named, attributes?.key_type),
    }
  })

/** What is asked for: names, subject, and a key that is there or the kind of one to be made. */
export type CsrSpec = {
  readonly sans: SubjectAltName[]
  readonly subject: AttributeTypeAndValue[]
} & (
  | { readonly keyId: string; readonly keyPointer: string }
  | { readonly keyId?: undefined; readonly algorithm: KeyAlgorithmName }
)

function keyFrom(
  related: string | undefined,
  named: string | undefined,
  keyType: KeyAlgorithmName | null | undefined,
) {
  if (related !== undefined) return { keyId: related, keyPointer: relatedKeyPointer }
  if (named !== undefined) return { keyId: named, keyPointer: namedKeyPointer }
  return { algorithm: keyType ?? usualKey }
}

type KeyIds = {
  attributes?: { [keyIdName]?: string | null | undefined } | undefined
  relationships?: z.output<typeof relationshipsSchema> | null | undefined
}

/** The ids of the two shapes: that of the relationship, that of the attribute. */
function keyIdsOf({ attributes, relationships }: KeyIds) {
  const related = relationships?.tls_private_key?.data?.id ?? undefined
  return [related, attributes?.[keyIdName] ?? undefined] as const
}
