/** `sans`: host names of two labels and more, and public IP addresses; which of them one is, its text says. */
import {
  anyOf,
  checkSize,
  duplicateNames,
  hostNameAltName,
  isAmongNames,
  isIpAddress,
  isReservedAddress,
  type Parsed,
  parseSubjectAltName,
  type SubjectAltName,
} from '@csr-foundry/csr'
import { z } from 'zod'
import { mostNames, tooManyNames } from '../../most-names.ts'

const needed = 'host names and public IP addresses are needed, such as ["www.example.com"]'

/** A name of one label is nobody's but the own network's. */
const names = { minLabels: 2 }

/** What is told of a body, or a part of it, that has no `sans`. */
export const sansRequired = {
  code: 'custom',
  message: `has no sans; ${needed}`,
  params: { fault: 'sans_required' },
} as const

/** What is there is checked here; that it is there at all is looked at with the whole body. */
export const sansSchema = anyOf(() => [z.array(z.string()).min(1)], { maxItems: mostNames })
  .transform((input, context): SubjectAltName[] => {
    const refuse = (message: string, ...path: number[]) =>
      context.addIssue({ code: 'custom', message, path })
    if (isEmpty(input)) {
      context.addIssue({ ...sansRequired, message: `is empty; ${needed}` })
      return []
    }
    if (!Array.isArray(input)) {
      refuse(`must be an array; ${needed}`)
      return []
    }
    // Their number first: a stranger's thousands of wrong ones are one fault.
    const tooMany = tooManyNames(input.length)
    if (tooMany !== undefined) {
      refuse(tooMany)
      return []
    }
    const parsed = input.map(parseSan)
    for (const [index, san] of parsed.entries()) {
      if (!san.ok) refuse(san.message, index)
    }
    const sans = parsed.flatMap((san) => (san.ok ? [san.value] : []))
    if (sans.length === input.length) checkTogether(sans, refuse)
    return sans
  })
  .optional()

const isEmpty = (input: unknown) => input === null || (Array.isArray(input) && input.length === 0)

function parseSan(text: unknown): Parsed<SubjectAltName> {
  if (typeof text !== 'string') return { ok: false, message: 'must be a string' }
  if (!isIpAddress(text)) return parseSubjectAltName('dns', text, names)
  return isReservedAddress(text)
    ? { ok: false, message: 'is a private, loopback or reserved address; a public one is needed' }
    : { ok: true, value: { type: 'ip', value: text } }
}

function checkTogether(
  sans: SubjectAltName[],
  refuse: (message: string, ...path: number[]) => void,
): void {
  const message = checkSize({ subject: [], subjectAltNames: sans })
  if (message !== undefined) refuse(message)
  for (const { index, firstIndex } of duplicateNames(sans)) {
    refuse(`is there already, as sans[${firstIndex}]; each name is allowed once`, index)
  }
}

/** Whether a common name is one of the names. */
export function isAmong(commonName: string, sans: readonly SubjectAltName[]): boolean {
  const own = hostNameAltName(commonName, names)
  return own !== undefined && isAmongNames(own, sans)
}
