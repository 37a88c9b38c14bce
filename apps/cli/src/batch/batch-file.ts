import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { BatchFormat } from '@csr-foundry/client'
import { Failure } from '../failure.ts'
import { Fault } from '../fault.ts'
import { placeOf, unread } from '../read-named.ts'

/** A file of requests. `size` and `sha256` are not there where it can be read once only. */
export type BatchFile = {
  readonly format: BatchFormat
  readonly gzip: boolean
  readonly size?: number
  readonly sha256?: string
  /** A function where it can be opened again. */
  readonly body: (() => AsyncIterable<Uint8Array>) | AsyncIterable<Uint8Array>
}

const formatsByName: readonly (readonly [RegExp, BatchFormat])[] = [
  [/\.(ndjson|jsonl)(\.gz)?$/i, 'ndjson'],
  [/\.csv(\.gz)?$/i, 'csv'],
  [/\.json(\.gz)?$/i, 'json'],
]

/**
 * Looks at a file before it is sent: its format, and that it can be read to its end.
 *
 * @throws Failure which names the file
 */
export async function openBatchFile(
  file: string,
  given: BatchFormat | undefined,
): Promise<BatchFile> {
  const format = given ?? formatsByName.find(([name]) => name.test(file))?.[1]
  if (format === undefined) {
    throw Failure.of('format_unknown', `The format of ${placeOf(file)} is not known.`)
  }
  try {
    // What is no file, such as a pipe, is read once.
    const isFile = file !== '-' && (await stat(file)).isFile()
    return { format, ...(isFile ? await readThrough(file) : await begin(streamOf(file))) }
  } catch (error) {
    throw unread(file, 'batch', error)
  }
}

const streamOf = (file: string): AsyncIterable<Buffer> =>
  file === '-' ? process.stdin : createReadStream(file)

async function readThrough(file: string) {
  const hash = createHash('sha256')
  let size = 0
  let gzip = false
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    if (size === 0) gzip = isGzip(chunk)
    size += chunk.length
    hash.update(chunk)
  }
  if (size === 0) throw new Fault('file_empty')
  const body = () => namingFaults(createReadStream(file), file)
  return { gzip, size, sha256: hash.digest('hex'), body }
}

async function begin(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]()
  const { value: first, done } = await chunks.next()
  if (done) throw new Fault('file_empty')
  const body = (async function* () {
    yield first
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
  })()
  return { gzip: isGzip(first), body }
}

async function* namingFaults(stream: AsyncIterable<Buffer>, file: string) {
  try {
    yield* stream
  } catch (error) {
    throw unread(file, 'batch', error)
  }
}

/** RFC 1952; no text begins like that. */
const isGzip = (chunk: Uint8Array) => chunk[0] === 0x1f && chunk[1] === 0x8b
