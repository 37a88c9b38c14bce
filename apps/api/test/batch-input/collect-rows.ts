import { BatchInputError } from '../../src/batch-input/batch-input-error.ts'
import {
  type BatchFormat,
  type BatchLimits,
  batchLimits,
  readRows,
} from '../../src/batch-input/read-rows.ts'

export type Collected = {
  /** Line, the text of the row, and what it says: its value, or the details of its faults. */
  rows: [line: number, text: string, said: unknown][]
  error?: BatchInputError
}

type Options = { gzip?: boolean; limits?: Partial<BatchLimits>; cut?: number | (() => number) }

/** All rows of a body that comes in chunks of a size, and what ended it early. */
export async function collectRows(
  format: BatchFormat,
  body: string | Buffer,
  { gzip = false, limits = {}, cut = 65_536 }: Options = {},
): Promise<Collected> {
  const collected: Collected = { rows: [] }
  const chunks = chunksOf(Buffer.from(body), typeof cut === 'number' ? () => cut : cut)
  try {
    for await (const row of readRows(chunks, {
      format,
      gzip,
      limits: { ...batchLimits, ...limits },
    })) {
      const said = row.faults ? row.faults.map(({ detail }) => detail) : row.value
      collected.rows.push([row.line, row.bytes.toString('latin1'), said])
    }
  } catch (error) {
    if (!(error instanceof BatchInputError)) throw error
    collected.error = error
  }
  return collected
}

/** Only what the rows say, by line. */
export async function said(format: BatchFormat, body: string | Buffer, options: Options = {}) {
  const { rows, error } = await collectRows(format, body, options)
  if (error) throw error
  return rows.map(([line, , what]) => [line, what])
}

export async function* chunksOf(bytes: Buffer, size: () => number): AsyncGenerator<Buffer> {
  let at = 0
  while (at < bytes.length) {
    const end = at + Math.max(1, size())
    // A chunk of its own, which whoever made it may use again: the reader must not need it later.
    yield Buffer.from(bytes.subarray(at, end))
    at = end
  }
}

/** Numbers that are the same in every run. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
