import { z } from 'zod'
import { checkCharacters } from '../character-rules.ts'
import { checkDer } from '../der/base64-der.ts'
import { tags } from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { checkOid } from '../der/oid.ts'
import { checked, chosen, fieldsOf } from '../schemas.ts'
import { nameSchema } from '../subject/name-schema.ts'
import { parseDnsName } from './dns-name.ts'
import { checkEmailAddress } from './email-address.ts'
import type { SubjectAltName, SubjectAltNameType } from './general-names.ts'
import { checkIpAddress } from './ip-address.ts'
import { checkUpn, upnOid } from './other-name.ts'
import { checkUri } from './uri.ts'

const oid = checked(checkOid)

const dnsName = z.string('must be a string').transform((text, context) => {
  const name = parseDnsName(text)
  if (name.ok) return name.value
  context.addIssue({ code: 'custom', message: name.message })
  return z.NEVER
})

/** An otherName of Microsoft's type for user principal names is a `upn`. */
const otherNameOfText = fieldsOf({
  type: z.literal('otherName'),
  oid,
  value: checked(checkCharacters),
})
  .superRefine(({ oid, value }, context) => {
    const message = oid === upnOid ? checkUpn(value) : undefined
    if (message !== undefined) context.addIssue({ code: 'custom', message, path: ['value'] })
  })
  .transform(
    (name): SubjectAltName => (name.oid === upnOid ? { type: 'upn', value: name.value } : name),
  )

const otherNameOfDer = fieldsOf({
  type: z.literal('otherName'),
  oid,
  der: checked((base64) => checkDer(base64) ?? checkOtherDer(base64)),
}).superRefine(({ oid }, context) => {
  if (oid !== upnOid) return
  const message = 'is no user principal name, which is a text; write it as value'
  context.addIssue({ code: 'custom', message, path: ['der'] })
})

const schemas: { readonly [Type in SubjectAltNameType]: z.ZodType<SubjectAltName> } = {
  dns: fieldsOf({ type: z.literal('dns'), value: dnsName }),
  ip: fieldsOf({ type: z.literal('ip'), value: checked(checkIpAddress) }),
  email: fieldsOf({ type: z.literal('email'), value: checked(checkEmailAddress) }),
  uri: fieldsOf({ type: z.literal('uri'), value: checked(checkUri) }),
  dirName: fieldsOf({
    type: z.literal('dirName'),
    value: nameSchema.refine(
      (name) => name.length > 0,
      'is empty; a directory name has at least one RDN',
    ),
  }),
  rid: fieldsOf({ type: z.literal('rid'), value: oid }),
  upn: fieldsOf({ type: z.literal('upn'), value: checked(checkUpn) }),
  otherName: chosen(
    (input) => (hasDer(input) ? otherNameOfDer : otherNameOfText),
    () => [otherNameOfText, otherNameOfDer],
  ),
}

const types = Object.keys(schemas) as SubjectAltNameType[]

const typeSchema = z.looseObject(
  { type: z.enum(types, `must be one of ${types.join(', ')}`) },
  'must be an object with a type and a value',
)

/**
 * Takes a subject alternative name as a client writes it: international host names become
 * A-labels, the name of a directory may be RDNs, an object or RFC 4514 text.
 */
export const subjectAltNameSchema: z.ZodType<SubjectAltName> = chosen(
  (input) => {
    const { data } = typeSchema.safeParse(input)
    // Without a type that is known there is nothing to give: the fault of the type is all.
    return data === undefined
      ? (typeSchema as unknown as z.ZodType<SubjectAltName>)
      : schemas[data.type]
  },
  () => Object.values(schemas),
).meta({ id: 'SubjectAltName' })

/**
 * A UTF8String is read back as text, and only text is looked at for control characters. Any other
 * value stands three levels down in the names, and reading ends at so many levels.
 */
function checkOtherDer(base64: string): string | undefined {
  const value = Buffer.from(base64, 'base64')
  if (value[0] === tags.utf8String) return 'is a UTF8String; its text is needed, as value'
  const inNames = der.sequence([der.sequence([der.sequence([value])])])
  return checkDer(inNames.toString('base64'))
}

function hasDer(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'der' in input
}
