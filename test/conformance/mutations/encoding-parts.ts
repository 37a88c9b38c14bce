import { at, inExtension, type Mutate, withLength } from './compose-csr.ts'
import type { Edit, Part } from './der-tree.ts'
import { bits, hex, seq } from './der-values.ts'
import { breaks, type Mutation } from './mutation.ts'

/** keyUsage. */
export const keyUsage = '2.5.29.15'
/** extKeyUsage. */
export const purposes = '2.5.29.37'
/** subjectAltName. */
export const altNames = '2.5.29.17'
/** basicConstraints. */
export const constraints = '2.5.29.19'
/** Microsoft's certificate template. */
export const template = '1.3.6.1.4.1.311.21.7'
/** Octets that belong to nothing. */
export const rest = hex('dead')

/** A value, and octets after it. */
export const followed: Edit = (value) => [value, rest]

/** Changes the signature algorithm. */
export const algorithm =
  (edit: Edit): Mutate =>
  (csr) => ({ ...csr, algorithm: onlyOne(edit, csr.algorithm) })
/** Changes what is around the three parts. */
export const whole =
  (edit: Edit): Mutate =>
  (csr) => ({
    ...csr,
    whole: (...parts) => onlyOne(edit, seq(...parts)),
  })
/** Changes the BIT STRING of the signature. */
export const signature =
  (edit: Edit): Mutate =>
  (csr) => ({
    ...csr,
    signature: (value) => onlyOne(edit, bits(value)),
  })

/** A length in another form, at every depth. */
export function ways(
  form: 'indefinite' | 'long',
  code: 'der_indefinite_length' | 'der_length_not_minimal',
): Mutation[] {
  const edit = withLength(form)
  const row = (part: string, mutate: Mutate, pointer = '') =>
    breaks(`it is of ${part}`, mutate, code, pointer)
  return [
    row('the whole', whole(edit)),
    row('the info', at('info', edit)),
    row('the subject', at('subject', edit)),
    row('an RDN', at('subject/3', edit)),
    row('an attribute of an RDN', at('subject/3/0', edit)),
    row('the public key', at('key', edit)),
    row('the algorithm of the public key', at('key/0', edit)),
    row('the attributes', at('attributes', edit)),
    row('the list of extensions', at('attributes/2/1/0', edit)),
    row('an extension', inExtension(purposes, '', edit)),
    row('the signature algorithm', algorithm(edit)),
    row('the purposes', inExtension(purposes, '1/0', edit), '/extensions/extendedKeyUsage'),
    row('the names', inExtension(altNames, '1/0', edit), '/subjectAltNames'),
    row('the Name of a directoryName', inExtension(altNames, '1/0/7/0', edit), '/subjectAltNames'),
    row('the value of a UPN', inExtension(altNames, '1/0/9/1', edit), '/subjectAltNames'),
  ]
}

/** The key usage as a BIT STRING of these octets. */
export function usage(content: string): Mutate {
  return inExtension(keyUsage, '2/0', { tag: 3, body: hex(content) })
}

/** A value in so many SEQUENCEs. */
export function nested(value: Part, levels: number): Part {
  return levels === 0 ? value : nested(seq(value), levels - 1)
}

/** What an edit makes of a part, which has to be one part again. */
export function onlyOne(edit: Edit, value: Part): Part {
  const [part = Buffer.of()] = [
    edit(Buffer.isBuffer(value) ? { tag: 0, body: value } : value),
  ].flat()
  return part
}
