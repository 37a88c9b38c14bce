import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { BatchInputError } from './batch-input-error.ts'
import type { Body } from './read-rows.ts'

export type Inflation = {
  /** Bytes that one byte of gzip may become. Of rows that differ in little it is 130; deflate makes 1,032 at most. */
  ratio: number
}

const chunkSize = 65_536
// However well a small body is compressed, it does no harm.
const alwaysAllowed = 1024 ** 2

/**
 * What a gzip body holds, inflated as it is pulled. Several members one after another are one text (RFC 1952 section 2.2);
 * zeros after the last are passed over, as gzip itself does.
 */
export async function* inflated(body: Body, { ratio }: Inflation): AsyncGenerator<Buffer> {
  let read = 0
  let given = 0
  const gunzip = createGunzip({ chunkSize })
  async function* counted() {
    for await (const chunk of body) {
      read += chunk.length
      yield chunk
    }
  }
  // What goes wrong in it destroys the stream that is read below, and comes out there.
  pipeline(counted, gunzip).catch(() => undefined)
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      given += chunk.length
      if (given > Math.max(alwaysAllowed, read * ratio)) {
        throw new BatchInputError(
          'too_large',
          `has been compressed to less than 1/${ratio} of its size; send it less compressed or as it is`,
        )
      }
      yield chunk
    }
  } catch (error) {
    throw asInputError(error)
  }
}

function asInputError(error: unknown): unknown {
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string' || !code.startsWith('Z_')) return error
  const detail = code === 'Z_BUF_ERROR' ? 'ends before its gzip does' : 'is not well-formed gzip'
  return new BatchInputError('gzip_broken', detail, undefined, { cause: error })
}
