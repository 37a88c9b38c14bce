import type { z } from 'zod'

/**
 * One fault of an input: an RFC 6901 pointer to its place, and what is wrong and allowed there.
 * `code` tells apart a field that the input should not have.
 */
export type SpecFault = { pointer: string; detail: string; code?: 'attribute_unknown' }

// What a person would read; a stranger's input may have thousands.
const mostFaults = 100
const longestName = 80

/**
 * The faults that a schema found in an input, each with its place; an unknown field is a fault of
 * its own.
 *
 * @example
 * ```ts
 * specFaults(specSchema.safeParse({ subject: { CN: 'a' }, owner: 'me' }).error)[0].pointer // => '/owner'
 * ```
 */
export function specFaults(error: z.core.$ZodError): SpecFault[] {
  const faults = error.issues.flatMap(faultsOf)
  if (faults.length <= mostFaults) return faults
  const detail = `has ${faults.length - mostFaults} more faults`
  return [...faults.slice(0, mostFaults), { pointer: '', detail }]
}

function faultsOf(issue: z.core.$ZodIssue): SpecFault[] {
  const { path, message: detail } = issue
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerOf(path), detail }]
  return issue.keys.map((key) => ({
    pointer: pointerOf([...path, shortened(key)]),
    detail,
    code: 'attribute_unknown',
  }))
}

/** The RFC 6901 pointer of a path. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function shortened(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name
}
