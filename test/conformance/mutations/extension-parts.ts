import { all, extension, type Mutate } from './compose-csr.ts'
import type { Part } from './der-tree.ts'
import { bits, bool, oid, seq } from './der-values.ts'
import { breaks, type Mutation, type Options } from './mutation.ts'

/** TRUE. */
export const yes = bool(0xff)
/** Object identifiers of the extensions that a spec has a field for. */
export const types = {
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  basicConstraints: '2.5.29.19',
  subjectKeyIdentifier: '2.5.29.14',
  mustStaple: '1.3.6.1.5.5.7.1.24',
  microsoftTemplate: '1.3.6.1.4.1.311.21.7',
  microsoftTemplateName: '1.3.6.1.4.1.311.20.2',
} as const
const mustBeCritical = new Set<string>(['keyUsage'])

/** An extension with a wrong value. */
export function value(
  field: keyof typeof types,
  broken: string,
  part: Part,
  code: Mutation['code'],
  options?: Options,
): Mutation {
  const critical = mustBeCritical.has(field) ? [yes] : []
  return breaks(
    broken,
    extension(types[field], part, ...critical),
    code,
    `/extensions/${field}`,
    options,
  )
}

/** An extension whose value is not of its form. */
export const malformed = (field: keyof typeof types, broken: string, part: Part) =>
  value(field, broken, part, 'extension_malformed')

/** Usages by their bits, the first being 0. */
export function usage(...numbers: number[]): Part {
  const last = Math.max(...numbers)
  const octets = Buffer.alloc((last >> 3) + 1)
  for (const bit of numbers) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return bits(octets, 7 - (last & 7))
}

/** Key usages that a key cannot have. */
export const unfit = (broken: string, csr: NonNullable<Options['csr']>, ...numbers: number[]) =>
  value('keyUsage', broken, usage(...numbers), 'key_usage_key_type', { csr })

/** Basic constraints of these parts, critical. */
export const constraints = (...parts: Part[]): Mutate =>
  extension(types.basicConstraints, seq(...parts), yes)
/** One of PKIX's purposes by the end of its identifier. */
export const purpose = (number: number) => oid(`1.3.6.1.5.5.7.3.${number}`)

/** A row: an extension that is critical and should not be. */
export function critical(
  broken: string,
  field: keyof typeof types,
  part: Part,
  code: Mutation['code'],
): Mutation {
  return breaks(broken, extension(types[field], part, yes), code, `/extensions/${field}`)
}

/** A row: an extension that no spec has a field for. */
export function raw(
  broken: string,
  type: string,
  part: Part,
  code: Mutation['code'],
  ...critical: Part[]
): Mutation {
  return breaks(broken, all(extension(type, part, ...critical)), code, '/extensions/raw/1')
}
