import { type KeyRecord, packRequest, type RejectedRow } from '@csr-foundry/records'
import { columnFaults } from '../../../batch-input/csv-spec.ts'
import type { BatchFormat } from '../../../batch-input/read-rows.ts'
import type { KeyedRow, ParsedBlock } from '../../../intake/block-parser.ts'
import { signedByKey } from '../signed-by-key.ts'

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
    if (read.ok) rows.push({ offset, line, ...packRequest({ spec: read.spec, keyId }) })
    else {
      const errors = format === 'csv' ? columnFaults(read.faults) : read.faults
      rejects.push({ line, ...(spec.ref !== undefined && { ref: spec.ref }), errors })
    }
  }
  return { rows, rejects }
}
