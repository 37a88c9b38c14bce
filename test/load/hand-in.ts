import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyAlgorithmName } from '@csr-foundry/csr'
import type { BatchView } from '@csr-foundry/native-api'
import type { Caller } from '../e2e/start-service.ts'
import { deviceLines } from './device-lines.ts'

const linesOfChunk = 256

/**
 * Hands a batch of devices in; gives it when all of its rows are taken, undefined where the tenant has as many open batches as it
 * may have.
 */
export const handIn = (
  caller: Caller,
  rows: number,
  algorithm?: KeyAlgorithmName,
): Promise<BatchView | undefined> => handInBody(caller, chunksOf(deviceLines(rows, algorithm)))

/** The same, of any rows; they are taken as they come. */
export async function handInBody(
  caller: Caller,
  body: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<BatchView | undefined> {
  const response = await caller.call('/v1/batches', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(body)),
    duplex: 'half',
  } as RequestInit)
  if (response.status === 202) return (await response.json()) as BatchView
  const text = await response.text()
  if (response.status === 429 && text.includes('batches_full')) return undefined
  throw new Error(`A batch was not taken: ${response.status} ${text}`)
}

/** The same, where nothing else of the tenant is open. */
export async function handInAlone(
  caller: Caller,
  rows: number,
  algorithm?: KeyAlgorithmName,
): Promise<BatchView> {
  const batch = await handIn(caller, rows, algorithm)
  if (batch === undefined) throw new Error('The tenant has too many open batches.')
  return batch
}

/** Looks every so many milliseconds until all of a batch is made. */
export async function allMade(
  caller: Caller,
  { links }: BatchView,
  every = 50,
): Promise<BatchView> {
  for (;;) {
    const batch = (await (await caller.call(links.self)).json()) as BatchView
    if (batch.state === 'done') {
      if (batch.counts.ready === batch.counts.rows) return batch
      throw new Error(`Not all of it was made: ${JSON.stringify(batch.counts)}`)
    }
    await sleep(every)
  }
}

/** A write for each line would cost more than the line. */
export function* chunksOf(lines: Iterable<string>): Generator<Buffer> {
  let open: string[] = []
  for (const line of lines) {
    open.push(line)
    if (open.length < linesOfChunk) continue
    yield Buffer.from(open.join(''))
    open = []
  }
  if (open.length > 0) yield Buffer.from(open.join(''))
}
