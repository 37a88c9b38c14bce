/** Rows of a block as what is to be made of them, or why nothing is. */
import type { KeyReference, Spec, SpecDefaults, SpecFault } from '@csr-foundry/csr'
import type { BlockRow, RejectedRow } from '@csr-foundry/records'
import { packRequest } from '@csr-foundry/records/blocks'
import { parseRow } from '../batch-input/parse-row.ts'
import type { RawRow } from '../batch-input/raw-row.ts'
import type { BatchFormat } from '../batch-input/read-rows.ts'
import { SeenRefs } from '../batch-input/seen-refs.ts'

const longestRef = 255

type Place = { readonly offset: number; readonly line: number }

/** A row that is signed by a key which is to be looked up. */
export type KeyedRow = Place & {
  readonly spec: Spec<KeyReference>
  readonly keyId: string
  readonly namesCustody: boolean
}

/** `rows` are whole; those of `keyed` need their keys. `size` counts all. */
export type ParsedBlock = {
  readonly size: number
  readonly rows: (BlockRow & Place)[]
  readonly keyed: KeyedRow[]
  readonly rejects: RejectedRow[]
}

export type RowRules = { readonly format: BatchFormat; readonly defaults: SpecDefaults }

/**
 * Parses rows one by one, as they come, and keeps of each no more than what is to be written of it: what outlives a round of the
 * young generation's garbage collection is copied by each, while all calls wait.
 */
export class BlockParser {
  readonly #rules: RowRules
  readonly #refs = new SeenRefs()
  #block = emptyBlock()

  constructor(rules: RowRules) {
    this.#rules = rules
  }

  /** Of the block that is being filled. */
  get size(): number {
    return this.#block.size
  }

  add(row: RawRow): void {
    const block = this.#block
    const faults = [...(row.faults ?? []), ...refFaults(row, this.#refs)]
    if (row.faults === undefined) addRow(block, { offset: block.size, row, faults }, this.#rules)
    else block.rejects.push(rejectOf(row, faults))
    block.size += 1
  }

  /** A row that an earlier call has taken in: its ref is not to be there again. */
  note(row: RawRow): void {
    refFaults(row, this.#refs)
    this.#block.size += 1
  }

  /** The block so far; the next row begins another. */
  take(): ParsedBlock {
    const block = this.#block
    this.#block = emptyBlock()
    return block
  }
}

type Filling = ParsedBlock & { size: number }

const emptyBlock = (): Filling => ({ size: 0, rows: [], keyed: [], rejects: [] })

type Read = {
  readonly offset: number
  readonly row: RawRow & { value: unknown }
  readonly faults: readonly SpecFault[]
}

function addRow(
  { rows, keyed, rejects }: ParsedBlock,
  { offset, row, faults }: Read,
  { format, defaults }: RowRules,
): void {
  const read = parseRow(format, row.value, defaults)
  const { line } = row
  if (!read.ok) rejects.push(rejectOf(row, [...faults, ...read.faults]))
  else if (faults.length > 0) rejects.push(rejectOf(row, faults))
  else if (read.keyId === undefined)
    rows.push({ offset, line, ...packRequest({ spec: read.spec }) })
  else {
    const { spec, keyId, namesCustody } = read
    keyed.push({ offset, line, spec, keyId, namesCustody })
  }
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
