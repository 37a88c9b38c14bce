import type { SpecFault } from '@csr-foundry/csr'

/** A row as it came in: what its text says, or why it says nothing. `read-rows.ts` has the rules of `line` and `bytes`. */
export type RawRow = { line: number; bytes: Buffer } & (
  | { value: unknown; faults?: undefined }
  | { faults: readonly SpecFault[] }
)

/** What makes rows of one format out of chunks of text; between two calls it holds one row at most. */
export type RowReader = {
  push(chunk: Buffer): Iterable<RawRow>
  /** The text is over. */
  end(): Iterable<RawRow>
  /** The line, or the number of the element, that it came to. */
  readonly line: number
}

/** A row with one fault, of the row as a whole. */
export const faulty = (
  { line, bytes }: { line: number; bytes: Buffer },
  detail: string,
): RawRow => ({
  line,
  bytes,
  faults: [{ pointer: '', detail }],
})

export const notUtf8 = 'is not valid UTF-8'

export const tooLong = (limit: number) => `has more than ${inKiB(limit)}`

export const inKiB = (bytes: number) =>
  bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`
