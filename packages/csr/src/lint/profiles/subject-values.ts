import type { CsrContent } from '../../read-csr.ts'
import type { ReadAttribute } from '../../subject/distinguished-name.ts'

/** An attribute of the subject with the pointer to its value. */
export type SubjectValue = ReadAttribute & { pointer: string }

/** The attributes of a subject in the order of their encoding, multi-valued RDNs spread out. */
export function subjectValues({ subject }: CsrContent): SubjectValue[] {
  return subject.flatMap((rdn, i) =>
    rdn.map((attribute, j) => ({ ...attribute, pointer: `/subject/${i}/${j}/value` })),
  )
}

/**
 * The first attribute that stands behind one that it should stand before; types that the order
 * does not have are passed over.
 */
export function firstOutOfOrder(
  values: readonly SubjectValue[],
  order: readonly string[],
): { value: SubjectValue; before: string } | undefined {
  let last = ''
  for (const value of values) {
    if (!order.includes(value.type)) continue
    if (order.indexOf(value.type) < order.indexOf(last)) return { value, before: last }
    last = value.type
  }
  return undefined
}
