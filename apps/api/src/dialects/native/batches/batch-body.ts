/** The body of a batch as it arrives: what it says to be, and its bytes. */
import type { ReadableStreamReadResult } from 'node:stream/web'
import { ServiceError } from '@csr-foundry/service'
import type { Context } from 'hono'
import { type BatchFormat, batchLimits } from '../../../batch-input/read-rows.ts'
import type { Env } from '../../../services.ts'

/** Less than the time after which a silent connection is cut: its client is to be told why. */
const idleMs = 60_000

const formats: Readonly<Record<string, BatchFormat>> = {
  'application/x-ndjson': 'ndjson',
  'text/csv': 'csv',
  'application/json': 'json',
}

export type BodyForm = { readonly format: BatchFormat; readonly gzip: boolean }

/**
 * What the headers say of the body.
 *
 * @throws {ServiceError} `content_type_unsupported`, `content_encoding_unsupported`, `batch_too_large`
 */
export function bodyFormOf(c: Context<Env>): BodyForm {
  if (Number(c.req.header('content-length') ?? 0) > batchLimits.bytes) {
    const detail = `The body has more than ${batchLimits.bytes} bytes.`
    throw new ServiceError('batch_too_large', { detail })
  }
  return {
    format: formatOf(c.req.header('content-type') ?? ''),
    gzip: isGzip(c.req.header('content-encoding') ?? ''),
  }
}

function formatOf(contentType: string): BatchFormat {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  const format = formats[type]
  const isUtf8 = parameters.every((one) => !/^charset\s*=(?!\s*("utf-8"|utf-8)$)/.test(one))
  if (format !== undefined && isUtf8) return format
  const found = contentType === '' ? 'is missing' : 'names another type'
  const detail = `The header Content-Type ${found}; allowed is ${Object.keys(formats).join(' or ')} (in UTF-8).`
  throw new ServiceError('content_type_unsupported', { detail })
}

function isGzip(encoding: string): boolean {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') return false
  if (name === 'gzip' || name === 'x-gzip') return true
  const detail = 'The header Content-Encoding names an encoding that is not known; gzip is.'
  throw new ServiceError('content_encoding_unsupported', { detail })
}

/**
 * The chunks of a body, each read when it is asked for. It ends with the reason of `stop` as soon as that fires. The body is not
 * cancelled in any case: that would cut the connection on which the answer is to go out.
 *
 * @throws {ServiceError} `request_timeout` where nothing comes for a while, `body_malformed` where it does not arrive whole
 */
export async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
  stop: AbortSignal,
  idle = idleMs,
): AsyncGenerator<Uint8Array, void> {
  if (!body) return
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await nextOf(reader, stop, idle)
      if (done) return
      yield value
    }
  } finally {
    reader.releaseLock()
  }
}

/** No `Promise.race`: it would hold each chunk for as long as `stop` is there. */
async function nextOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  stop: AbortSignal,
  idle: number,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  stop.throwIfAborted()
  const next = Promise.withResolvers<ReadableStreamReadResult<Uint8Array>>()
  const timer = setTimeout(() => next.reject(tooSlow(idle)), idle)
  const leave = () => next.reject(stop.reason)
  stop.addEventListener('abort', leave, { once: true })
  reader.read().then(next.resolve, (cause) => next.reject(notWhole(cause)))
  try {
    return await next.promise
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', leave)
  }
}

const tooSlow = (idle: number) =>
  new ServiceError('request_timeout', { detail: `Nothing of the body came for ${idle / 1_000} s.` })

const notWhole = (cause: unknown) =>
  new ServiceError('body_malformed', { detail: 'The body did not arrive whole.', cause })
