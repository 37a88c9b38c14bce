import { parseSubjectAltName, type SubjectAltName } from '@csr-foundry/csr'
import { z } from 'zod'
import { objectError } from '../../json-input.ts'

/** The GeneralName types of RFC 5280, section 4.2.1.6, as LXCA spells them, and ours for each. */
const types = {
  dNSName: 'dns',
  iPAddress: 'ip',
  rfc822Name: 'email',
  uniformResourceIdentifier: 'uri',
  directoryName: 'dirName',
  registeredID: 'rid',
  otherName: 'otherName',
} as const satisfies Record<string, SubjectAltName['type']>

type TypeName = keyof typeof types
const typeNames = Object.keys(types) as TypeName[]
const notSupported = ['x400Address', 'ediPartyName']
const allowed = typeNames.join(', ')

const typeSchema = z.enum(typeNames, {
  error: ({ input }) => {
    if (input === undefined) return `is missing; allowed are ${allowed}`
    const refusal = notSupported.includes(String(input)) ? 'is not supported' : 'is not valid'
    return `${refusal}; allowed are ${allowed}`
  },
})

/** An LXCA network may have hosts with one label. */
const names = { minLabels: 1 }

/** One element of `generalNames`, parsed into a subject alternative name. */
export const generalNameSchema = z
  .strictObject(
    {
      type: typeSchema,
      name: z.string({
        error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string'),
      }),
    },
    { error: objectError },
  )
  .transform(({ type, name }, context): SubjectAltName => {
    const parsed = parseSubjectAltName(types[type], name, names)
    if (parsed.ok) return parsed.value
    context.addIssue({ code: 'custom', message: parsed.message, path: ['name'] })
    return z.NEVER
  })
