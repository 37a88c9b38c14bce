import { createHash } from 'node:crypto'
import type { RawRow } from '../batch-input/raw-row.ts'
import type { BatchFormat } from '../batch-input/read-rows.ts'
import { withoutChallenge } from '../without-challenge.ts'

/** What a call says of all its rows. */
export type Said = {
  readonly format: BatchFormat
  readonly mode: string
  readonly defaultKey: string | undefined
  readonly custody: string | undefined
}

/**
 * A running digest over a batch: of what the call says of all rows, and of each row. Two calls with the same digest ask for
 * the same, but for challenge passwords.
 */
export class RowDigest {
  readonly #hash = createHash('sha256')
  readonly #format: BatchFormat

  constructor({ format, mode, defaultKey = '', custody = '' }: Said) {
    this.#format = format
    this.#hash.update(JSON.stringify([format, mode, defaultKey, custody]))
  }

  add(row: RawRow): void {
    const bytes = (row.faults === undefined && withoutChallenge(row.value)) || row.bytes
    // A row of a CSV means what the first line says: its fields count by the names of their columns.
    const meaning =
      this.#format === 'csv' && row.faults === undefined ? JSON.stringify(row.value) : ''
    this.#hash.update(`${bytes.length} ${meaning.length} `).update(bytes).update(meaning)
  }

  /** Over all rows so far. */
  now(): string {
    return this.#hash.copy().digest('base64url')
  }
}
