import { createReadStream } from 'node:fs'
import { Fault } from './fault.ts'

/** In bytes. A CSR with a thousand names has about 30 KiB. */
const maxBytes = 1024 * 1024

/**
 * The bytes of a file, or of standard input for `-`.
 *
 * @throws Fault file_too_large, without reading on, or file_empty; and what the file system throws
 */
export async function readInput(file: string): Promise<Buffer> {
  const stream: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > maxBytes) throw new Fault('file_too_large')
    chunks.push(chunk)
  }
  if (size === 0) throw new Fault('file_empty')
  return Buffer.concat(chunks)
}
