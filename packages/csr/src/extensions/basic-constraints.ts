import { z } from 'zod'
import { oids } from '../csr-oids.ts'
import {
  type DerElement,
  type DerReport,
  expectTag,
  readBoolean,
  readInteger,
  tags,
} from '../der/der-reader.ts'
import * as der from '../der/der-writer.ts'
import { CsrError } from '../errors.ts'
import { fieldsOf } from '../schemas.ts'
import type { ExtensionForm } from './extension-form.ts'

/** The basicConstraints extension; `pathLength` is the most CA certificates that may follow. */
export type BasicConstraints = { ca: boolean; pathLength?: number; critical: boolean }

const maxPathLength = 255

const inputSchema = fieldsOf({
  ca: z.boolean('must be true or false'),
  pathLength: z.exactOptional(
    z
      .int('must be a whole number')
      .min(0, 'is below 0; 0 to 255 is allowed')
      .max(maxPathLength, 'is above 255; 0 to 255 is allowed'),
  ),
  critical: z.boolean('must be true or false').optional(),
})

/**
 * Whether a path length stands beside a cA that is true and, where there is a key usage, beside
 * keyCertSign, without which it must not (RFC 5280 section 4.2.1.9).
 */
export function checkPathLength(
  constraints: BasicConstraints | undefined,
  usages: readonly string[] | undefined,
): string | undefined {
  if (constraints?.pathLength === undefined) return undefined
  if (!constraints.ca) return 'is given although ca is false; only a CA has a path length'
  if (usages === undefined || usages.includes('keyCertSign')) return undefined
  return 'is given although the key usage has no keyCertSign; both are needed, or neither'
}

/** basicConstraints (RFC 5280 section 4.2.1.9): critical for a CA unless something else is asked. */
export const basicConstraintsForm: ExtensionForm<BasicConstraints> = {
  oid: oids.basicConstraints,
  schema: inputSchema.transform((input) => ({ ...input, critical: input.critical ?? input.ca })),
  encode: ({ ca, pathLength }) =>
    der.sequence([
      ...(ca ? [der.booleanTrue] : []),
      ...(pathLength === undefined ? [] : [der.integer(pathLength)]),
    ]),
  critical: ({ critical }) => critical,
  read: (element, critical, reading, pointer) => {
    const report: DerReport = reading.at(pointer)
    expectTag(element, tags.sequence, 'the basic constraints')
    const [first, ...rest] = element.children
    const written = first?.tag === tags.boolean
    const ca = written ? readBoolean(first, report) : false
    if (written && !ca) {
      report(
        'der_default_written',
        'The cA is written although it is FALSE, which is the default; it is left out then.',
      )
    }
    const pathLength = readPathLength(written ? rest : element.children, report)
    return { ca, ...pathLength, critical }
  },
}

function readPathLength(parts: DerElement[], report: DerReport): { pathLength?: number } {
  const [length, ...more] = parts
  if (length === undefined) return {}
  const value = readInteger(length, report)
  if (more.length > 0 || value < 0 || value > Number.MAX_SAFE_INTEGER) {
    throw new CsrError('malformed_csr', 'The basic constraints are not a cA and a path length.')
  }
  return { pathLength: Number(value) }
}
