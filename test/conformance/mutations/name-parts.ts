import { all, names } from './compose-csr.ts'
import type { Part } from './der-tree.ts'
import { oid, tagged, taggedOctets } from './der-values.ts'
import { breaks, type Mutation, type Options } from './mutation.ts'

/** subjectAltName. */
export const altNames = '2.5.29.17'
/** Microsoft's type of user principal names. */
export const upn = '1.3.6.1.4.1.311.20.2.3'
/** A dNSName. */
export const dns = (text: string | Buffer) => taggedOctets(2, text)
/** An otherName with these values. */
export const otherName = (type: string, ...values: Part[]) =>
  tagged(0, oid(type), tagged(0, ...values))
/** Where a single name stands. */
export const first = '/subjectAltNames/0'
/** A label of a length. */
export const label = (length: number) => 'x'.repeat(length)

/** A single name that is wrong. */
export function name(
  broken: string,
  part: Part,
  code: Mutation['code'],
  options?: Options,
): Mutation {
  return breaks(broken, names(part), code, first, options)
}

/** A dNSName, an rfc822Name or a URI for each text. */
export function texts(number: number, code: Mutation['code'], list: readonly string[]): Mutation[] {
  return list.map((text) =>
    name(
      `it is ${text.length > 60 ? `of ${text.length} characters` : `"${text}"`}`,
      taggedOctets(number, text),
      code,
    ),
  )
}

/** A row: the third name repeats the first. */
export function duplicate(what: string, one: Part, other: Part): Mutation {
  return breaks(
    `${what} is there twice`,
    all(names(one, dns('b.example.com'), other)),
    'san_duplicate',
    '/subjectAltNames/2',
  )
}
