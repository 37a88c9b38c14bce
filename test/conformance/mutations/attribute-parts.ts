import { attribute, inAttributes, type Mutate } from './compose-csr.ts'
import { int, nothing, octets, oid, seq, set, utf8 } from './der-values.ts'
import { breaks, type Mutation } from './mutation.ts'

/** RFC 2985 section 5.4.1. */
export const challengePassword = '1.2.840.113549.1.9.7'
/** RFC 2985 section 5.4.3. */
export const unstructuredName = '1.2.840.113549.1.9.2'
/** RFC 2985 section 5.4.2. */
export const extensionRequest = '1.2.840.113549.1.9.14'
/** MS-WCCE section 2.2.2.7.7. */
export const microsoftRequest = '1.3.6.1.4.1.311.2.1.14'
/** keyUsage. */
export const keyUsage = '2.5.29.15'
/** extKeyUsage. */
export const purposes = '2.5.29.37'
/** subjectAltName. */
export const altNames = '2.5.29.17'
/** Attributes of an RDN, unsorted. */
export const multiValued = [
  seq(oid('2.5.4.11'), utf8('b')),
  seq(oid('2.5.4.3'), utf8('a')),
] as const

/** A second extensionRequest, with an extension of its own. */
export const twoRequests = inAttributes((list) => {
  const other = seq(oid('1.3.6.1.4.1.55555.9'), octets(nothing))
  return [...list, seq(oid(extensionRequest), set(seq(other)))]
})

/** What can be wrong with the text of an attribute. */
export function texts(
  field: string,
  type: string,
  code: 'challenge_password' | 'unstructured_name',
): Mutation[] {
  const pointer = `/attributes/${field}`
  const row = (broken: string, text: string | Buffer) =>
    breaks(`the ${field} ${broken}`, attribute(type, utf8(text)), code, pointer)
  return [
    row('is empty', ''),
    row('is blank', ' '),
    row('has 256 characters', 'x'.repeat(256)),
    row('has a NUL', 'a\0b'),
    row('has a newline', 'a\nb'),
    breaks(`the ${field} is an INTEGER`, attribute(type, int(1)), 'attribute_malformed', pointer),
    breaks(`the ${field} has no value`, attribute(type), 'attribute_malformed', '/attributes/0'),
  ]
}

/** A second request, under an identifier, for an extension that is there. */
export function twice(request: string): Mutate {
  const extension = seq(oid('1.3.6.1.4.1.55555.4'), octets(nothing))
  return inAttributes((list) => [...list, seq(oid(request), set(seq(extension)))])
}

/** The parts of the whole by their numbers. */
export function wholeOf(...indices: number[]): Mutate {
  return (csr) => ({
    ...csr,
    whole: (...parts) => seq(...indices.flatMap((index) => parts.slice(index, index + 1))),
  })
}
