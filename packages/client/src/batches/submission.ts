import { randomUUID } from 'node:crypto'
import { type BatchView, batchView, type newBatchQuery } from '@csr-foundry/native-api'
import type { z } from 'zod'
import type { CallOptions } from '../call.ts'
import { ClientError } from '../client-error.ts'
import type { Patience } from '../patience.ts'
import { parsed, type Transport } from '../transport.ts'
import { type BatchBody, openerOf } from './body.ts'
import { findByKey } from './find-by-key.ts'

export const contentTypes = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  json: 'application/json',
} as const
export type BatchFormat = keyof typeof contentTypes

/** How far a submission is. `bytes`: of the body, as it is sent, in the try that is under way. */
export type SubmitProgress = { readonly idempotencyKey: string; readonly bytes: number }

/**
 * `gzip`: whether the body is. `mode`, `defaultKey`, `custody`: see docs/native-api.md. `idempotencyKey`: names the batch for 24
 * hours; chosen by the client unless given.
 */
export type NewBatch = Pick<CallOptions, 'signal'> &
  z.input<typeof newBatchQuery> & {
    readonly format: BatchFormat
    readonly gzip?: boolean
    readonly idempotencyKey?: string
    /** Told before the first byte, and after each chunk that is on its way. */
    readonly onProgress?: (progress: SubmitProgress) => void
  }

export type Submitted = { readonly batch: BatchView; readonly idempotencyKey: string }

/** Twice as long as the service waits for a connection on which nothing comes (ms). */
const longestQuiet = 120_000
/** Seconds. */
const lookAgainAfter = 3

const takenStates = new Set<BatchView['state']>(['running', 'done', 'cancelled'])

const ifTaken = (batch: BatchView | undefined) =>
  batch && takenStates.has(batch.state) ? batch : undefined

/** Sends a batch until all of it is taken in. */
export async function submit(
  transport: Transport,
  body: BatchBody,
  { idempotencyKey = randomUUID(), ...options }: NewBatch,
): Promise<Submitted> {
  const submission = new Submission(transport, body, { ...options, idempotencyKey })
  return { batch: await submission.run(), idempotencyKey }
}

type KeyedBatch = NewBatch & { readonly idempotencyKey: string }

class Submission {
  readonly #transport: Transport
  readonly #open: ReturnType<typeof openerOf>
  readonly #options: KeyedBatch
  #rows = 0

  constructor(transport: Transport, body: BatchBody, options: KeyedBatch) {
    this.#transport = transport
    this.#open = openerOf(body)
    this.#options = options
  }

  async run(): Promise<BatchView> {
    const patience = this.#transport.patience(this.#options.signal)
    for (;;) {
      const outcome = await this.#send()
      if (!(outcome instanceof ClientError)) return outcome
      if (!mayGoOn(outcome) || !this.#open.mayOpen()) throw outcome
      await patience.after(outcome, mayGoOn)
      const taken = ifTaken(await this.#whenFree(patience, outcome))
      if (taken !== undefined) return taken
    }
  }

  /**
   * The batch once nobody takes it in: the service may learn late that a connection broke, and until then sees it as one that is
   * slow. @throws the error, where that takes too long
   */
  async #whenFree(patience: Patience, error: ClientError): Promise<BatchView | undefined> {
    let quietSince = Date.now()
    for (;;) {
      const known = await this.#known()
      if (this.#gotFurther(known?.counts.rows)) {
        patience.reset()
        quietSince = Date.now()
      }
      if (known?.state !== 'taking') return known
      if (Date.now() - quietSince > longestQuiet) throw error
      await patience.wait(error, lookAgainAfter)
    }
  }

  #gotFurther(rows = this.#rows): boolean {
    const before = this.#rows
    this.#rows = rows
    return rows > before
  }

  async #send(): Promise<BatchView | ClientError> {
    const { format, gzip, idempotencyKey, mode, defaultKey, custody, signal } = this.#options
    const upload = new Upload(await this.#open.open(), (bytes) =>
      this.#options.onProgress?.({ idempotencyKey, bytes }),
    )
    try {
      const { status, chunks } = await this.#transport.open({
        method: 'POST',
        path: '/v1/batches',
        query: { mode, defaultKey, custody },
        headers: {
          'Content-Type': contentTypes[format],
          ...(gzip && { 'Content-Encoding': 'gzip' }),
          'Idempotency-Key': idempotencyKey,
        },
        upload: upload.chunks(),
        ...(signal && { signal }),
      })
      return parsed(batchView, status, await allOf(chunks))
    } catch (error) {
      // What broke may have been the file and not the connection.
      if (upload.error !== undefined) throw upload.error
      if (error instanceof ClientError) return error
      throw error
    }
  }

  /** What the service has of it, which may be all where only the answer was lost; nothing where it cannot be asked either. */
  async #known(): Promise<BatchView | undefined> {
    const { idempotencyKey, signal } = this.#options
    try {
      return await findByKey(this.#transport, idempotencyKey, signal && { signal })
    } catch (error) {
      if (error instanceof ClientError && mayGoOn(error)) return undefined
      throw error
    }
  }
}

/** 409 with a pause: what an earlier connection sends is not yet known to have broken. */
function mayGoOn({ again, code, status, retryAfter }: ClientError): boolean {
  if (again !== 'never' || code === 'timeout') return true
  return status === 408 || (status === 409 && retryAfter !== undefined)
}

/** A body on its way. */
class Upload {
  /** What reading the body threw. */
  error: unknown
  readonly #body: AsyncIterable<Uint8Array>
  readonly #onBytes: (bytes: number) => void

  constructor(body: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void) {
    this.#body = body
    this.#onBytes = onBytes
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    let bytes = 0
    this.#onBytes(bytes)
    try {
      for await (const chunk of this.#body) {
        yield chunk
        bytes += chunk.length
        this.#onBytes(bytes)
      }
    } catch (error) {
      this.error = error
      throw error
    }
  }
}

async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
