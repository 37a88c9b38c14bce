/** Rows of a block as what is to be made of them, or why nothing is. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { KeyReference, Spec, SpecDefaults, SpecFault } from '@csr-foundry/csr'
import type { BlockRow, KeyRecord, RejectedRow } from '@csr-foundry/records'
import { columnFaults } from '../../../batch-input/csv-spec.ts'
import { parseRow } from '../../../batch-input/parse-row.ts'
import type { RawRow } from '../../../batch-input/raw-row.ts'
import type { BatchFormat } from '../../../batch-input/read-rows.ts'
import type { SeenRefs } from '../../../batch-input/seen-refs.ts'
import { signedByKey } from '../signed-by-key.ts'

/** Parsing a row can take milliseconds; for no longer than this all other calls wait. */
const breatheEvery = 10
const longestRef = 255

type Place = { readonly offset: number; readonly line: number }

/** A row that is signed by a key which is to be looked up. */
export type KeyedRow = Place & {
  readonly spec: Spec<KeyReference>
  readonly keyId: string
  readonly namesCustody: boolean
}

/** `rows` are whole; those of `keyed` need their keys. */
export type ParsedBlock = {
  readonly rows: (BlockRow & Place)[]
  readonly keyed: KeyedRow[]
  readonly rejects: RejectedRow[]
}

export type RowRules = { readonly format: BatchFormat; readonly defaults: SpecDefaults }

export async function parseBlock(
  block: readonly RawRow[],
  { format, defaults }: RowRules,
  refs: SeenRefs,
): Promise<ParsedBlock> {
  const parsed: ParsedBlock = { rows: [], keyed: [], rejects: [] }
  let started = performance.now()
  for (const [offset, row] of block.entries()) {
    const faults = [...(row.faults ?? []), ...refFaults(row, refs)]
    if (row.faults === undefined) addRow(parsed, { offset, row, faults }, format, defaults)
    else parsed.rejects.push(rejectOf(row, faults))
    if (performance.now() - started < breatheEvery) continue
    await breathe()
    started = performance.now()
  }
  return parsed
}

type Read = {
  readonly offset: number
  readonly row: RawRow & { value: unknown }
  readonly faults: readonly SpecFault[]
}

function addRow(
  { rows, keyed, rejects }: ParsedBlock,
  { offset, row, faults }: Read,
  format: BatchFormat,
  defaults: SpecDefaults,
): void {
  const read = parseRow(format, row.value, defaults)
  const { line } = row
  if (!read.ok) rejects.push(rejectOf(row, [...faults, ...read.faults]))
  else if (faults.length > 0) rejects.push(rejectOf(row, faults))
  else if (read.keyId === undefined) rows.push({ offset, line, spec: read.spec })
  else {
    const { spec, keyId, namesCustody } = read
    keyed.push({ offset, line, spec, keyId, namesCustody })
  }
}

/** The refs of rows that an earlier call has taken in: for the rows after them. */
export function noteRefs(block: readonly RawRow[], refs: SeenRefs): void {
  for (const row of block) refFaults(row, refs)
}

/**
 * A ref is taken by the first row that has it, be that row valid or not: so it does not depend on anything but the rows which
 * of them is to be refused.
 */
function refFaults(row: RawRow, refs: SeenRefs): SpecFault[] {
  const ref = refOf(row)
  if (ref === undefined) return []
  const before = refs.lineOf(ref, row.line)
  if (before === undefined) return []
  return [{ pointer: '/ref', detail: `is that of line ${before} as well; a ref may be there once` }]
}

function refOf(row: RawRow): string | undefined {
  if (row.faults !== undefined) return undefined
  const { ref } = Object(row.value) as { ref?: unknown }
  return typeof ref === 'string' && ref !== '' && ref.length <= longestRef ? ref : undefined
}

function rejectOf(row: RawRow, errors: readonly SpecFault[]): RejectedRow {
  const ref = refOf(row)
  return {
    line: row.line,
    ...(ref !== undefined && { ref }),
    errors: errors.map(({ pointer, detail }) => ({ pointer, detail })),
  }
}

/** Rows with the keys that sign them; what a key does not fit, or where there is none, is rejected. */
export function withKeys(
  keyed: readonly KeyedRow[],
  keys: ReadonlyMap<string, KeyRecord>,
  format: BatchFormat,
): Pick<ParsedBlock, 'rows' | 'rejects'> {
  const rows: ParsedBlock['rows'] = []
  const rejects: RejectedRow[] = []
  for (const { offset, line, keyId, spec, namesCustody } of keyed) {
    const key = keys.get(keyId)
    const read = key
      ? signedByKey(spec, key, { namesCustody })
      : { ok: false as const, faults: [{ pointer: '/key/id', detail: 'names no key' }] }
    if (read.ok) rows.push({ offset, line, spec: read.spec, keyId })
    else {
      const errors = format === 'csv' ? columnFaults(read.faults) : read.faults
      rejects.push({ line, ...(spec.ref !== undefined && { ref: spec.ref }), errors })
    }
  }
  return { rows, rejects }
}
