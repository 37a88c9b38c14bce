import type { SpecFault } from '@csr-foundry/csr'

/**
 * - `encoding_unsupported`: the text is UTF-16.
 * - `gzip_broken`: it is no gzip, or it ends early.
 * - `header_invalid`: the columns of a CSV.
 * - `json_broken`: the array, not an element of it.
 * - `too_large`: too many bytes, in all or for what they were compressed to.
 * - `too_many_rows`
 */
export type BatchInputCode =
  | 'encoding_unsupported'
  | 'gzip_broken'
  | 'header_invalid'
  | 'json_broken'
  | 'too_large'
  | 'too_many_rows'

/** What ends a batch's input early. Rows that came before it are whole. */
export class BatchInputError extends Error {
  override readonly name = 'BatchInputError'
  readonly code: BatchInputCode
  /** What is wrong; a column of a CSV is pointed at by its name. Starts, as all faults do, without the name of the place. */
  readonly faults: readonly SpecFault[]
  /** The line, or the number of a JSON array's element, that was being read. */
  readonly line: number | undefined

  constructor(
    code: BatchInputCode,
    fault: string | readonly SpecFault[],
    line?: number,
    options?: ErrorOptions,
  ) {
    const faults = typeof fault === 'string' ? [{ pointer: '', detail: fault }] : fault
    super(faults.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join('; '), options)
    this.code = code
    this.faults = faults
    this.line = line
  }

  /** The same with its line, if it has none yet. */
  at(line: number): BatchInputError {
    if (this.line !== undefined) return this
    return new BatchInputError(this.code, this.faults, line, { cause: this.cause })
  }
}
