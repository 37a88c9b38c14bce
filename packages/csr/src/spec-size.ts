import type { SubjectAltName } from './names/general-names.ts'
import type { Rdn } from './subject/distinguished-name.ts'

/** The most subject alternative names of a spec. */
export const mostNames = 1000

const mostAttributes = 1000
const mostCharacters = 65_536

/**
 * Whether a CSR would be of a size that is read everywhere: at most 1,000 names of at most 65,536
 * characters together, with at most 1,000 attributes in the subject and the directory names.
 *
 * @returns what is wrong and what is allowed, without the field's name; undefined if nothing is
 *
 * @example
 * ```ts
 * checkSize({ subject: [], subjectAltNames: Array(1001).fill({ type: 'dns', value: 'a' }) }) // => "has 1001 names; at most 1000 are allowed"
 * ```
 */
export function checkSize({
  subject,
  subjectAltNames,
}: {
  subject: readonly Rdn[]
  subjectAltNames: readonly SubjectAltName[]
}): string | undefined {
  if (subjectAltNames.length > mostNames) {
    return `has ${subjectAltNames.length} names; at most ${mostNames} are allowed`
  }
  const characters = sum(subjectAltNames.map(lengthOf))
  if (characters > mostCharacters) {
    return `has names of ${characters} characters together, in ASCII; at most ${mostCharacters} are allowed`
  }
  const directories = subjectAltNames.flatMap((name) => (name.type === 'dirName' ? name.value : []))
  const attributes = sum([...subject, ...directories].map(({ length }) => length))
  if (attributes <= mostAttributes) return undefined
  return `has, subject and directory names together, ${attributes} attributes; at most ${mostAttributes} are allowed`
}

function lengthOf(name: SubjectAltName): number {
  if ('der' in name) return name.der.length
  return typeof name.value === 'string' ? name.value.length : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
