/**
 * What a row of a batch asks for, as POST /v1/requests would take it: the same rules, the same words, the same limit of
 * names. Faults of a CSV's row point at its columns.
 */
import type { KeyReference, Spec, SpecDefaults, SpecFault } from '@csr-foundry/csr'
import { parseSpec } from '@csr-foundry/csr/spec'
import { tooManyNames } from '../most-names.ts'
import type { CsvRow } from './csv-columns.ts'
import { columnFaults, specInputOf } from './csv-spec.ts'
import type { BatchFormat } from './read-rows.ts'

export type ParsedRow =
  | { ok: true; spec: Spec; keyId?: undefined }
  /** A key that is there signs it: whoever looks it up goes on with `withKey`, and with the custody that the row names. */
  | { ok: true; spec: Spec<KeyReference>; keyId: string; namesCustody: boolean }
  | { ok: false; faults: SpecFault[] }

/** @param value of a row that `readRows` gave without faults */
export function parseRow(format: BatchFormat, value: unknown, defaults: SpecDefaults): ParsedRow {
  if (format !== 'csv') return parseInput(value, defaults)
  const parsed = parseInput(specInputOf(value as CsvRow), defaults)
  return parsed.ok ? parsed : { ok: false, faults: columnFaults(parsed.faults) }
}

function parseInput(input: unknown, defaults: SpecDefaults): ParsedRow {
  const { read, tooMany } = countNames(input)
  const parsed = parseSpec(read, defaults)
  if (!parsed.ok) return { ok: false, faults: [...parsed.faults, ...tooMany] }
  if (tooMany.length > 0) return { ok: false, faults: tooMany }
  const { key, ...rest } = parsed.spec
  if (!('id' in key)) return { ok: true, spec: { ...rest, key } }
  const namesCustody = 'custody' in Object(input)
  return { ok: true, spec: { ...rest, key }, keyId: key.id, namesCustody }
}

/** Names cost time to read: of too many only the first is read, with all that is beside them. */
function countNames(input: unknown): { read: unknown; tooMany: SpecFault[] } {
  const { subjectAltNames: names } = Object(input) as { subjectAltNames?: unknown }
  const detail = Array.isArray(names) ? tooManyNames(names.length) : undefined
  if (!Array.isArray(names) || detail === undefined) return { read: input, tooMany: [] }
  const read = { ...Object(input), subjectAltNames: names.slice(0, 1) }
  return { read, tooMany: [{ pointer: '/subjectAltNames', detail }] }
}
