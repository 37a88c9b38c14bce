import type { ResultLine } from '@csr-foundry/native-api'
import type { Transport } from '../transport.ts'
import type { Batches, CursorOptions } from './batches.ts'
import { isSettled } from './watch.ts'

/** Seconds between two looks at rows that are not settled yet. */
const lookEvery = 0.5

const openStates = new Set<ResultLine['state']>(['queued', 'running'])

/** Each row of a batch once it is settled, in input order. */
export async function* follow(
  batches: Pick<Batches, 'get' | 'results'>,
  transport: Transport,
  id: string,
  { cursor, ...options }: CursorOptions,
): AsyncGenerator<ResultLine, void> {
  const patience = transport.patience(options.signal)
  let last = cursor
  for (;;) {
    try {
      // Asked before the rows: what is settled then is settled in them.
      const isLast = isSettled(await batches.get(id, options))
      const rows = batches.results(id, { ...options, ...(last && { cursor: last }) })
      for await (const line of whileSettled(rows)) {
        last = line.cursor
        patience.reset()
        yield line
      }
      if (isLast) return
      await transport.pause(lookEvery, options.signal)
    } catch (error) {
      await patience.after(error)
    }
  }
}

async function* whileSettled(rows: AsyncIterable<ResultLine>): AsyncGenerator<ResultLine, void> {
  for await (const line of rows) {
    if (openStates.has(line.state)) return
    yield line
  }
}
