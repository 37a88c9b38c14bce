import {
  type BatchView,
  batchListView,
  batchView,
  type ExportLine,
  exportLine,
  type RejectedRowView,
  type ResultLine,
  rejectedView,
  resultLine,
} from '@csr-foundry/native-api'
import type { CallOptions } from '../call.ts'
import { ClientError } from '../client-error.ts'
import { resumedLines } from '../streams/resumed-lines.ts'
import type { Transport } from '../transport.ts'
import { walkPages } from '../walk-pages.ts'
import type { BatchBody } from './body.ts'
import { findByKey, getBatch, pathOf } from './find-by-key.ts'
import { follow } from './follow.ts'
import { type NewBatch, type Submitted, submit } from './submission.ts'
import { type BatchSummary, watch } from './watch.ts'

export type ListBatchesOptions = CallOptions & { readonly limit?: number }

/** For what goes on until its end: only an abort ends it sooner. */
type StreamOptions = Pick<CallOptions, 'signal'>

/** `cursor`: of the line after which it goes on. */
export type CursorOptions = StreamOptions & { readonly cursor?: string }

/** `state`: only rows in this state. */
export type ResultsOptions = CursorOptions & { readonly state?: ResultLine['state'] }

/** `within`: seconds; unless told it waits as long as it takes. */
export type WaitForBatchOptions = StreamOptions & {
  readonly within?: number
  readonly onProgress?: (batch: BatchSummary) => void
}

/** Many requests that are handed in as one file. */
export class Batches {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Hands a file in as a stream; ends when all of it is taken in, and the rows that are not valid are known. A connection that
   * breaks is made again and the same sent again, of which the service passes over what it has; for that the body has to be
   * bytes, a text, or a function that opens it. Who calls it again with the same `idempotencyKey` and the same content goes on
   * as well, within 24 hours, also when all is in: then it gives the batch that is there.
   *
   * @example
   * ```ts
   * const { batch } = await client.batches.submit(() => createReadStream('fleet.csv'), { format: 'csv' })
   * for await (const { ref, csr } of client.batches.follow(batch.id)) console.log(ref, csr)
   * ```
   */
  submit(body: BatchBody, options: NewBatch): Promise<Submitted> {
    return submit(this.#transport, body, options)
  }

  /** @throws ClientError where there is none */
  get(id: string, options: CallOptions = {}): Promise<BatchView> {
    return getBatch(this.#transport, id, options)
  }

  /** Newest first. */
  list({ limit, ...options }: ListBatchesOptions = {}): AsyncGenerator<BatchSummary, void> {
    return walkPages(
      (cursor) => {
        const query = { limit, cursor }
        const call = { method: 'GET', path: '/v1/batches', query, ...options } as const
        return this.#transport.json(call, batchListView)
      },
      ({ batches }) => batches,
    )
  }

  /** The batch that `submit` with this key has made or begun; undefined where there is none. */
  findByKey(idempotencyKey: string, options: CallOptions = {}): Promise<BatchView | undefined> {
    return findByKey(this.#transport, idempotencyKey, options)
  }

  /** The rows that were not taken, in the order of their lines. */
  rejected(
    id: string,
    { limit, ...options }: ListBatchesOptions = {},
  ): AsyncGenerator<RejectedRowView, void> {
    return walkPages(
      (cursor) => {
        const call = { method: 'GET', path: `${pathOf(id)}/rejected`, ...options } as const
        return this.#transport.json({ ...call, query: { limit, cursor } }, rejectedView)
      },
      ({ rejected }) => rejected,
    )
  }

  /**
   * The rows as they are now, in input order. It goes on by itself where a connection breaks; each line has a `cursor`, after
   * which a later call goes on.
   */
  results(
    id: string,
    { state, cursor, ...options }: ResultsOptions = {},
  ): AsyncGenerator<ResultLine, void> {
    return resumedLines(this.#transport, resultLine, {
      method: 'GET',
      path: `${pathOf(id)}/results`,
      query: { state, cursor },
      accept: 'application/x-ndjson',
      ...options,
    })
  }

  /** The same, but each row once it is settled: it waits for those that are not, until the batch is done. */
  follow(id: string, options: CursorOptions = {}): AsyncGenerator<ResultLine, void> {
    return follow(this, this.#transport, id, options)
  }

  /** The batch as it moves, without its rejected rows, until it is settled: see `isSettled`. */
  events(id: string, options: StreamOptions = {}): AsyncGenerator<BatchSummary, void> {
    return watch(this.#transport, id, options)
  }

  /**
   * The batch once nothing more will be made of it: all rows are ready, failed or cancelled, or the rows that came before the
   * connection was lost are.
   *
   * @throws ClientError not_settled when it was not by then; it goes on in the service
   */
  async waitFor(
    id: string,
    { within, onProgress, signal }: WaitForBatchOptions = {},
  ): Promise<BatchView> {
    const timeout = within === undefined ? [] : [AbortSignal.timeout(within * 1_000)]
    const either = AbortSignal.any([...timeout, ...(signal ? [signal] : [])])
    try {
      for await (const batch of this.events(id, { signal: either })) onProgress?.(batch)
    } catch (error) {
      throw timeout[0]?.aborted && error === timeout[0].reason
        ? notSettled(id, within, error)
        : error
    }
    return await this.get(id, signal && { signal })
  }

  /** Cancels what is queued; what is made stays. */
  cancel(id: string, options: CallOptions = {}): Promise<BatchView> {
    return this.#change(id, 'cancel', options)
  }

  /** Queues the rows that have failed once more. */
  retry(id: string, options: CallOptions = {}): Promise<BatchView> {
    return this.#change(id, 'retry', options)
  }

  /** Removes a batch with its requests, their CSRs and keys. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#transport.send({ method: 'DELETE', path: pathOf(id), ...options })
  }

  /**
   * The keys of a batch in input order, each encrypted for the owner of a public JWK, or why it is none. It goes on by itself
   * where a connection breaks; what was under way then is in the audit twice.
   */
  exportKeys(
    id: string,
    recipient: Readonly<Record<string, unknown>>,
    { cursor, ...options }: CursorOptions = {},
  ): AsyncGenerator<ExportLine, void> {
    return resumedLines(this.#transport, exportLine, {
      method: 'POST',
      path: `${pathOf(id)}/export`,
      query: { cursor },
      body: { recipient },
      accept: 'application/x-ndjson',
      ...options,
    })
  }

  #change(id: string, verb: 'cancel' | 'retry', options: CallOptions) {
    const path = `${pathOf(id)}/${verb}`
    const call = { method: 'POST', path, keyed: true, ...options } as const
    return this.#transport.json(call, batchView)
  }
}

function notSettled(id: string, within: number | undefined, cause: unknown): ClientError {
  return new ClientError('not_settled', `Batch ${id} is not done after ${within} s.`, { cause })
}
